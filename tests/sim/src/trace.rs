use std::time::Duration;

/// FNV-1a, 64 bits.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// What happened, in order, and a number that stands for it.
#[derive(Debug)]
pub(crate) struct Trace {
    lines: Vec<String>,
    digest: u64,
}

impl Trace {
    pub(crate) fn new() -> Self {
        Self { lines: Vec::new(), digest: OFFSET }
    }

    /// Adds a line.
    pub(crate) fn note(&mut self, at: Duration, what: &str) {
        let line = format!("{:>9.3} {what}", at.as_secs_f64());
        self.take_in(line.as_bytes());
        self.lines.push(line);
    }

    /// Lets the digest depend on these bytes too.
    pub(crate) fn take_in(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.digest = (self.digest ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }

    pub(crate) fn digest(&self) -> u64 {
        self.digest
    }

    pub(crate) fn lines(&self) -> &[String] {
        &self.lines
    }
}
