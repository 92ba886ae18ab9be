use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::state::State;
use crate::storage::disk::HeldLock;

/// A lock on a [`FaultyDisk`](super::FaultyDisk); a crash gives it back.
#[derive(Debug)]
pub(super) struct FaultyLock {
    pub(super) state: Arc<Mutex<State>>,
    pub(super) generation: u64,
    pub(super) path: PathBuf,
}

impl HeldLock for FaultyLock {}

impl Drop for FaultyLock {
    fn drop(&mut self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.generation == self.generation && !state.plan.is_off {
            let _ = state.unlink(&self.path);
            state.locked.remove(&self.path);
        }
    }
}
