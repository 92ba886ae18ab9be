/// SplitMix64: the same seed makes the same noise, on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `limit` - 1.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }

    /// Flips, overwrites, removes, repeats or inserts something.
    pub fn mutate(&mut self, packet: &mut Vec<u8>) {
        let at = self.below(packet.len());
        let length = 1 + self.below(8);
        match self.below(6) {
            0 if !packet.is_empty() => packet[at] ^= 1 << self.below(8),
            1 if !packet.is_empty() => packet[at] = [0, 0x7f, 0x80, 0xff][self.below(4)],
            2 => packet.truncate(at),
            3 => {
                packet.drain(at..(at + length).min(packet.len()));
            }
            4 => {
                let again = packet[at..(at + length).min(packet.len())].to_vec();
                packet.splice(at..at, again);
            }
            _ => {
                let noise = self.bytes(length);
                packet.splice(at..at, noise);
            }
        }
    }
}
