use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::dir_node::NodeId;
use super::lie::Lie;
use super::plan::Fate;
use super::state::{State, failed, off};
use crate::storage::disk::{DiskError, DiskFile};

/// An open file of a [`FaultyDisk`](super::FaultyDisk), void after a crash.
#[derive(Debug)]
pub(super) struct FaultyFile {
    pub(super) state: Arc<Mutex<State>>,
    pub(super) node: NodeId,
    pub(super) generation: u64,
    pub(super) path: PathBuf,
    pub(super) sync_on_write: bool,
}

impl FaultyFile {
    fn with<T>(
        &self,
        operation: &'static str,
        body: impl FnOnce(&mut State) -> io::Result<T>,
    ) -> Result<T, DiskError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let result = if state.generation == self.generation && !state.plan.is_off {
            body(&mut state)
        } else {
            Err(off())
        };
        result.map_err(|e| DiskError::new(operation, &self.path, e))
    }

    /// As much of a write as its fate and the free space allow.
    fn write(&self, state: &mut State, bytes: &[u8], offset: usize) -> io::Result<()> {
        let fate = state.plan.next();
        let len = match fate {
            Fate::Works => bytes.len(),
            Fate::Fails | Fate::LastOne => state.plan.random.up_to(bytes.len()),
            Fate::Off => return Err(off()),
        };
        let grown = (offset + len).saturating_sub(state.file(self.node)?.seen.len()) as u64;
        let missing = grown.saturating_sub(state.free_bytes);
        let len = len - (missing as usize).min(len);
        state.free_bytes -= grown - missing;
        state.file_mut(self.node)?.write(offset, &bytes[..len]);
        match fate {
            Fate::Works if missing == 0 => Ok(()),
            Fate::Works | Fate::Fails => Err(io::ErrorKind::StorageFull.into()),
            Fate::LastOne | Fate::Off => Err(off()),
        }
    }

    fn sync(&self) -> Result<(), DiskError> {
        self.with("sync", |state| match state.plan.next() {
            Fate::Works if state.lie == Some(Lie::FilesAreSynced) => Ok(()),
            Fate::Works => {
                state.file_mut(self.node)?.sync();
                state.plan.file_syncs += 1;
                Ok(())
            }
            Fate::Fails => {
                let mut random = state.plan.random.clone();
                state.file_mut(self.node)?.fail_sync(&mut random);
                state.plan.random = random;
                Err(failed())
            }
            Fate::LastOne => {
                state.file_mut(self.node)?.sync();
                Err(off())
            }
            Fate::Off => Err(off()),
        })
    }
}

impl DiskFile for FaultyFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, DiskError> {
        self.with("read", |state| {
            let content = &state.file(self.node)?.seen;
            let rest = content.get(offset as usize..).unwrap_or_default();
            let read = rest.len().min(buffer.len());
            if let Some(bad) = state.unreadable.get(&self.node)
                && offset + read as u64 > *bad
            {
                return Err(rustix::io::Errno::IO.into());
            }
            buffer[..read].copy_from_slice(&rest[..read]);
            Ok(read)
        })
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> Result<(), DiskError> {
        self.with("write", |state| self.write(state, bytes, offset as usize))?;
        if self.sync_on_write { self.sync() } else { Ok(()) }
    }

    fn set_len(&self, len_bytes: u64) -> Result<(), DiskError> {
        self.with("set length of", |state| {
            state.run(|state| {
                let file = state.file_mut(self.node)?;
                let freed = (file.seen.len() as u64).saturating_sub(len_bytes);
                file.set_len(len_bytes as usize);
                state.free_bytes += freed;
                Ok(())
            })
        })
    }

    fn len_bytes(&self) -> Result<u64, DiskError> {
        self.with("stat", |state| Ok(state.file(self.node)?.seen.len() as u64))
    }

    fn sync_data(&self) -> Result<(), DiskError> {
        self.sync()
    }

    fn sync_all(&self) -> Result<(), DiskError> {
        self.sync()
    }
}
