use super::frame::{Frame, read_frame};
use super::scan::{begin, scan_ops};
use super::window::Window;
use super::{ReadAt, Scan, ScanError, scan};
use crate::engine::Tail;
use crate::types::{LayoutVersion, TxId};

/// How far an edits file was read and found good: every operation up to `offset` had a good
/// checksum, and the last of them had the highest transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The offset behind the last good operation, in bytes.
    pub offset: u64,
    /// The transaction of that operation.
    pub last: TxId,
    /// Where that operation begins, in bytes.
    pub last_op_offset: u64,
    /// The version in the header.
    pub header: LayoutVersion,
}

/// What [`scan`](super::scan()) finds, without reading again what lies before the checkpoint.
///
/// Header and last operation of the checkpoint are read again. If one is not what it was (the
/// file was cut, replaced, or rotted there), the whole file is scanned.
///
/// # What is guaranteed
/// - If the bytes before `checkpoint.offset` are what they were: the result of a whole scan,
///   whatever follows.
/// - If they are not, and header and last operation are: the result that a whole scan would
///   have had before that damage, never less than the checkpoint. A whole scan now would end
///   at the damage: nothing behind it is vouched for ([`Scan::whole_tail`]).
///
/// The second is safe because the end of a segment is a vote in a recovery: what lies before
/// the checkpoint was acknowledged, and less would be a vote against it; what lies behind is
/// judged as it would be on an undamaged disk. It is no statement about the content. Whoever
/// takes the content checks every operation: readers, peers that fetch a segment, the scrub.
pub fn scan_from<S: ReadAt + ?Sized>(
    source: &S,
    checkpoint: Checkpoint,
) -> Result<Tail, ScanError<S::Error>> {
    let mut window = Window::new(source);
    let start = begin(&mut window)?;
    let same = start.header == Some(checkpoint.header);
    if !same || !checkpoint.is_there(&mut window, start.valid_bytes) {
        return scan(source, None).map(|scan| scan.whole_tail());
    }
    let last = Some(checkpoint.last);
    let start = Scan { last, whole: last, valid_bytes: checkpoint.offset, ..start };
    scan_ops(&mut window, start, None).map(|scan| scan.whole_tail()).map_err(ScanError::Read)
}

impl Checkpoint {
    /// Whether its last operation is where it was. An offset that cannot be read is none.
    fn is_there<S: ReadAt + ?Sized>(&self, window: &mut Window<'_, S>, first_op: u64) -> bool {
        let possible = first_op <= self.last_op_offset && self.last_op_offset < self.offset;
        if !possible || TxId::from_java(self.last.0).is_none() {
            return false;
        }
        matches!(read_frame(window, self.last_op_offset), Ok(Frame::Op { txid, end, .. })
            if txid == self.last.0 && end == self.offset)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::editlog::{OP_INVALID, Record, Records, encode_header, encode_op};

    /// A log of operations of these body lengths, and the checkpoint behind each of them.
    fn log(bodies: &[usize]) -> (Vec<u8>, Vec<Checkpoint>) {
        let header = LayoutVersion::CURRENT;
        let mut file = encode_header(header).to_vec();
        let mut checkpoints = Vec::new();
        for (index, len) in bodies.iter().enumerate() {
            let (last, last_op_offset) = (TxId(index as i64 + 1), file.len() as u64);
            file.extend(encode_op(3, last, &vec![index as u8; *len]));
            let offset = file.len() as u64;
            checkpoints.push(Checkpoint { offset, last, last_op_offset, header });
        }
        (file, checkpoints)
    }

    fn whole(file: &[u8]) -> Tail {
        scan(file, None).unwrap().whole_tail()
    }

    fn resumed(file: &[u8], checkpoint: Checkpoint) -> Tail {
        scan_from(file, checkpoint).unwrap()
    }

    /// The same bytes, counted by what is read.
    struct Counted<'a>(&'a [u8], std::cell::Cell<u64>);

    impl ReadAt for Counted<'_> {
        type Error = std::convert::Infallible;

        fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, Self::Error> {
            let read = self.0.read_at(buffer, offset)?;
            self.1.set(self.1.get() + read as u64);
            Ok(read)
        }
    }

    #[test]
    fn what_was_validated_is_not_read_again() {
        let (file, checkpoints) = log(&[1000; 8000]);
        let counted = Counted(&file, std::cell::Cell::new(0));
        let tail = scan_from(&counted, checkpoints[7990]).unwrap();
        assert_eq!(tail.last, Some(TxId(8000)));
        assert!(counted.1.get() < 600_000, "{} of {} bytes", counted.1.get(), file.len());
    }

    #[test]
    fn a_file_that_is_another_one_is_scanned_whole() {
        let (file, checkpoints) = log(&[4, 5, 6]);
        let cut = &file[..checkpoints[1].offset as usize];
        assert_eq!(resumed(cut, checkpoints[2]).last, Some(TxId(2)));
        assert_eq!(resumed(&[], checkpoints[2]), whole(&[]));
        let fresh = [&file[..8], &[OP_INVALID; 200]].concat();
        assert_eq!(resumed(&fresh, checkpoints[2]).last, None);
        let wrong = Checkpoint { header: LayoutVersion(-66), ..checkpoints[1] };
        assert_eq!(resumed(&file, wrong).last, Some(TxId(3)));
        let wrong = Checkpoint { last: TxId(-12345), ..checkpoints[1] };
        assert_eq!(resumed(&file, wrong).last, Some(TxId(3)));
        let wrong = Checkpoint { last_op_offset: 0, ..checkpoints[1] };
        assert_eq!(resumed(&file, wrong).last, Some(TxId(3)));
    }

    #[test]
    fn damage_that_hides_the_rest_from_a_whole_scan_does_not_lower_the_end() {
        let (mut file, checkpoints) = log(&[4, 5, 6, 7]);
        // The length of the second operation points behind the end of the file.
        file[checkpoints[1].last_op_offset as usize + 2] = 1;
        assert_eq!(whole(&file).last, Some(TxId(1)));
        assert_eq!(resumed(&file, checkpoints[2]).last, Some(TxId(4)));
    }

    fn noise() -> impl Strategy<Value = Vec<(usize, u8)>> {
        proptest::collection::vec((any::<usize>(), any::<u8>()), 0..12)
    }

    /// Overwrites bytes of `file[range]`.
    fn damage(file: &mut [u8], range: std::ops::Range<usize>, noise: &[(usize, u8)]) {
        if range.is_empty() {
            return;
        }
        for (at, byte) in noise {
            file[range.start + at % range.len()] = *byte;
        }
    }

    proptest! {
        /// Whatever lies behind the checkpoint: cuts, torn operations, padding, noise.
        #[test]
        fn with_an_intact_prefix_the_result_is_that_of_a_whole_scan(
            bodies in proptest::collection::vec(0..40_usize, 1..30),
            chosen in any::<proptest::sample::Index>(),
            padding in 0..100_usize,
            cut in 0..60_usize,
            noise in noise(),
        ) {
            let (mut file, checkpoints) = log(&bodies);
            let checkpoint = *chosen.get(&checkpoints);
            let kept = checkpoint.offset as usize;
            let end = file.len().saturating_sub(cut).max(kept);
            file.truncate(end);
            file.resize(end + padding, OP_INVALID);
            let all = file.len();
            damage(&mut file, kept..all, &noise);
            prop_assert_eq!(resumed(&file, checkpoint), whole(&file));
        }

        /// A checkpoint whose operation is gone counts for nothing.
        #[test]
        fn without_the_operation_at_the_checkpoint_the_whole_file_is_scanned(
            bodies in proptest::collection::vec(0..40_usize, 1..30),
            chosen in any::<proptest::sample::Index>(),
            bit in any::<usize>(),
            noise in noise(),
        ) {
            let (mut file, checkpoints) = log(&bodies);
            let checkpoint = *chosen.get(&checkpoints);
            let all = file.len();
            damage(&mut file, 8..all, &noise);
            let op = checkpoint.last_op_offset as usize..checkpoint.offset as usize;
            let bit = bit % (op.len() * 8);
            file[op.start + bit / 8] ^= 1 << (bit % 8);
            // The noise may have flipped the same bit: then the operation is whole again.
            let (intact, _) = log(&bodies);
            prop_assume!(file[op.clone()] != intact[op]);
            prop_assert_eq!(resumed(&file, checkpoint), whole(&file));
        }

        /// Damage before the checkpoint, with damage behind it or without: what was validated
        /// stays, and what follows counts as it does without the damage.
        #[test]
        fn damage_before_the_checkpoint_lowers_nothing(
            bodies in proptest::collection::vec(0..40_usize, 2..30),
            chosen in any::<proptest::sample::Index>(),
            before in noise(),
            behind in noise(),
        ) {
            let (mut file, checkpoints) = log(&bodies);
            let checkpoint = *chosen.get(&checkpoints);
            let all = file.len();
            damage(&mut file, checkpoint.offset as usize..all, &behind);
            let undamaged = whole(&file);
            damage(&mut file, 8..checkpoint.last_op_offset as usize, &before);
            let found = resumed(&file, checkpoint);
            prop_assert_eq!(found, undamaged);
            prop_assert!(found.last >= Some(checkpoint.last));
            if behind.is_empty() {
                prop_assert!(found.last >= whole(&file).last);
            }
        }

        /// Any bytes, any checkpoint: no panic, and a checkpoint that lies about the file is not
        /// believed beyond the operation that it names.
        #[test]
        fn any_checkpoint_is_taken_on_any_file(
            file in proptest::collection::vec(any::<u8>(), 0..200),
            offset in any::<u64>(),
            last in any::<i64>(),
            last_op_offset in any::<u64>(),
        ) {
            let header = LayoutVersion::CURRENT;
            let file = [&encode_header(header)[..], &file].concat();
            let checkpoint = Checkpoint { offset, last: TxId(last), last_op_offset, header };
            prop_assert_eq!(resumed(&file, checkpoint), whole(&file));
        }

        /// The records of a file and a scan agree on where a checkpoint may be.
        #[test]
        fn every_operation_of_an_intact_file_is_a_checkpoint(
            bodies in proptest::collection::vec(0..40_usize, 1..30),
        ) {
            let (file, checkpoints) = log(&bodies);
            let mut records = Records::open(&file[..]).unwrap().unwrap();
            for checkpoint in checkpoints {
                let record = records.next_record().unwrap();
                let Some(Record::Op { offset, .. }) = record else { panic!("{record:?}") };
                prop_assert_eq!(offset, checkpoint.last_op_offset);
                prop_assert_eq!(resumed(&file, checkpoint), whole(&file));
            }
        }
    }
}
