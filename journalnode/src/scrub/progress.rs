use super::Finding;

/// How far the scrub of a journal has got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScrubProgress {
    /// Segments checked so far.
    pub segments: u64,
    /// Of how many.
    pub of: u64,
    /// Bytes read so far.
    pub bytes: u64,
    /// What was found, in order; at most [`ScrubProgress::MAX_FINDINGS`].
    pub findings: Vec<Finding>,
    /// Findings that are not listed.
    pub left_off: u64,
    /// Segments that could not be checked this time, without being damaged: purged meanwhile,
    /// or the process was short of descriptors.
    pub skipped: u64,
    /// Whether it is over.
    pub finished: bool,
}

impl ScrubProgress {
    /// Findings that one scrub lists at most.
    pub const MAX_FINDINGS: usize = 1000;

    pub(super) fn note(&mut self, finding: Finding) {
        if self.findings.len() < Self::MAX_FINDINGS {
            self.findings.push(finding);
        } else {
            self.left_off += 1;
        }
    }
}
