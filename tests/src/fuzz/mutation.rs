use journalnode::editlog::{Record, Records};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Numbers that decoders get wrong.
const ODD: [i64; 9] = [0, -1, 1, 17, 255, -12345, i32::MAX as i64, i64::MAX, i64::MIN];
/// Changes to one file, at most.
const MAX_CHANGES: u32 = 4;

/// Damages an edits file as a disk, a crash or an enemy might. The same seed, the same damage.
#[derive(Debug)]
pub struct Mutation {
    random: ChaCha8Rng,
}

impl Mutation {
    /// The damage that belongs to a seed.
    pub fn of_seed(seed: u64) -> Self {
        Self { random: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// The file with one to four changes.
    pub fn apply(mut self, file: &[u8]) -> Vec<u8> {
        let mut file = file.to_vec();
        for _ in 0..self.random.random_range(1..=MAX_CHANGES) {
            self.change(&mut file);
        }
        file
    }

    fn change(&mut self, file: &mut Vec<u8>) {
        let at = self.place(file);
        match self.random.random_range(0..10) {
            0 => file.truncate(at),
            1 => file.extend(vec![*[0, 0xFF, 1].choose(&mut self.random).unwrap_or(&0); at % 700]),
            2 => self.overwrite(file, at, 1),
            3 => self.overwrite(file, at, 60),
            4 => self.flip(file, at),
            5 => self.remove(file, at),
            6 => self.repeat(file, at),
            7 => self.set_length(file),
            8 => self.set_txid(file),
            _ => self.set_opcode(file),
        }
    }

    /// Half of the time where an operation begins: there a reader decides most.
    fn place(&mut self, file: &[u8]) -> usize {
        match self.op(file) {
            Some((offset, _)) if self.random.random_bool(0.5) => offset,
            _ => self.random.random_range(0..=file.len()),
        }
    }

    /// Offset and length of one of the good operations.
    fn op(&mut self, file: &[u8]) -> Option<(usize, usize)> {
        let Ok(Ok(mut records)) = Records::open(file) else { return None };
        let mut ops = Vec::new();
        while let Ok(Some(record)) = records.next_record() {
            if let Record::Op { offset, len_bytes, .. } = record {
                ops.push((offset as usize, len_bytes as usize));
            }
        }
        ops.choose(&mut self.random).copied()
    }

    fn overwrite(&mut self, file: &mut [u8], at: usize, longest: usize) {
        let end = file.len().min(at + self.random.random_range(1..=longest));
        self.random.fill(&mut file[at..end]);
    }

    fn flip(&mut self, file: &mut [u8], at: usize) {
        let bit = self.random.random_range(0..8);
        if let Some(byte) = file.get_mut(at) {
            *byte ^= 1 << bit;
        }
    }

    fn remove(&mut self, file: &mut Vec<u8>, at: usize) {
        let end = file.len().min(at + self.random.random_range(1..=200));
        file.drain(at..end);
    }

    fn repeat(&mut self, file: &mut Vec<u8>, at: usize) {
        if let Some((offset, length)) = self.op(file) {
            let op = file[offset..offset + length].to_vec();
            file.splice(at..at, op);
        }
    }

    /// The checksum stays as it was.
    fn set_length(&mut self, file: &mut [u8]) {
        let Some((offset, _)) = self.op(file) else { return };
        let length = self.number() as i32;
        file[offset + 1..offset + 5].copy_from_slice(&length.to_be_bytes());
    }

    fn set_txid(&mut self, file: &mut [u8]) {
        let Some((offset, length)) = self.op(file) else { return };
        let txid = self.number();
        file[offset + 5..offset + 13].copy_from_slice(&txid.to_be_bytes());
        seal(&mut file[offset..offset + length]);
    }

    fn set_opcode(&mut self, file: &mut [u8]) {
        let Some((offset, length)) = self.op(file) else { return };
        file[offset] = self.random.random_range(53..=254);
        seal(&mut file[offset..offset + length]);
    }

    fn number(&mut self) -> i64 {
        match ODD.choose(&mut self.random) {
            Some(odd) if self.random.random_bool(0.7) => *odd,
            _ => self.random.random_range(-3..3000),
        }
    }
}

/// Gives an operation the checksum that belongs to it.
fn seal(op: &mut [u8]) {
    let Some((content, checksum)) = op.split_last_chunk_mut::<4>() else { return };
    *checksum = crc32fast::hash(content).to_be_bytes();
}

#[cfg(test)]
mod tests {
    use journalnode::editlog::{HEADER_BYTES, encode_header, encode_op};
    use journalnode::types::{LayoutVersion, TxId};

    use super::*;

    #[test]
    fn a_seed_always_does_the_same_damage() {
        let mut file = encode_header(LayoutVersion::CURRENT).to_vec();
        (1..20).for_each(|txid| file.extend(encode_op(3, TxId(txid), b"body")));
        assert!(file.len() > HEADER_BYTES);
        let all = || (0..50).map(|seed| Mutation::of_seed(seed).apply(&file)).collect::<Vec<_>>();
        assert_eq!(all(), all());
        let changed = all().iter().filter(|mutant| **mutant != file).count();
        assert!(changed > 45, "{changed} of 50");
    }
}
