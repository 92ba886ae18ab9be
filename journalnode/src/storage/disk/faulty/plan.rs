use super::random::Random;

/// Which operation goes wrong, and the choices that the seed makes.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Changes and syncs so far.
    pub(super) operations: u64,
    pub(super) file_syncs: u64,
    pub(super) fail_at: Option<u64>,
    pub(super) crash_at: Option<u64>,
    /// The power failed: nothing works until the restart.
    pub(super) is_off: bool,
    pub(super) random: Random,
}

/// How an operation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// As it should.
    Works,
    /// It fails, and does what a failed one may do.
    Fails,
    /// The power fails after it took effect.
    LastOne,
    /// The power fails, or failed, before it did anything.
    Off,
}

impl Plan {
    pub(super) fn new(seed: u64) -> Self {
        let random = Random::new(seed);
        Self { operations: 0, file_syncs: 0, fail_at: None, crash_at: None, is_off: false, random }
    }

    /// Counts an operation and tells how it goes.
    pub(super) fn next(&mut self) -> Fate {
        if self.is_off {
            return Fate::Off;
        }
        self.operations += 1;
        if self.crash_at == Some(self.operations) {
            self.is_off = true;
            return if self.random.coin() { Fate::LastOne } else { Fate::Off };
        }
        if self.fail_at == Some(self.operations) { Fate::Fails } else { Fate::Works }
    }
}
