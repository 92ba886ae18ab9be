use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::dir_node::DirNode;
use super::faulty_file::FaultyFile;
use super::faulty_lock::FaultyLock;
use super::file_node::FileNode;
use super::lie::Lie;
use super::plan::Fate;
use super::state::{Node, State, failed, off};
use crate::storage::disk::{Disk, DiskError, DiskFile, Entry, EntryKind, LockAttempt, OpenMode};

/// The disk; clones share it.
#[derive(Clone, Debug)]
pub struct FaultyDisk {
    state: Arc<Mutex<State>>,
}

impl FaultyDisk {
    /// An empty disk whose choices follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: Arc::new(Mutex::new(State::new(seed))) }
    }

    /// How many changes and syncs were tried so far.
    pub fn operations(&self) -> u64 {
        self.state().plan.operations
    }

    /// How many files were synced so far.
    pub fn file_syncs(&self) -> u64 {
        self.state().plan.file_syncs
    }

    /// Makes the given operation fail, once. The first one is number 1.
    pub fn fail_at(&self, operation: u64) {
        self.state().plan.fail_at = Some(operation);
    }

    /// Cuts the power during the given operation. Nothing works until [`FaultyDisk::crash`].
    pub fn crash_at(&self, operation: u64) {
        self.state().plan.crash_at = Some(operation);
    }

    /// Cuts the power, unless it is cut already, and restarts with what is left. Locks are
    /// free, open files void, planned failures forgotten.
    pub fn crash(&self) {
        self.state().crash();
    }

    /// Kills the process and starts the next one: nothing is lost, and nothing becomes durable.
    /// Locks are free, open files void, planned failures forgotten.
    pub fn kill(&self) {
        self.state().restart();
    }

    /// Cuts the power now. Nothing works until [`FaultyDisk::crash`] or [`FaultyDisk::kill`].
    pub fn turn_off(&self) {
        self.state().plan.is_off = true;
    }

    /// Whether the power was cut, and [`FaultyDisk::crash`] or [`FaultyDisk::kill`]
    /// must follow.
    pub fn is_off(&self) -> bool {
        self.state().plan.is_off
    }

    /// Has the disk claim from now on that it did what it did not do.
    pub fn lie(&self, lie: Lie) {
        self.state().lie = Some(lie);
    }

    /// Makes every read of a file fail from now on, as bad sectors do.
    ///
    /// # Errors
    /// If there is no such file.
    pub fn make_unreadable(&self, path: &Path) -> io::Result<()> {
        self.make_unreadable_from(path, 0)
    }

    /// Makes every read of a file that reaches this offset fail from now on.
    ///
    /// # Errors
    /// If there is no such file.
    pub fn make_unreadable_from(&self, path: &Path, offset: u64) -> io::Result<()> {
        let mut state = self.state();
        let node = state.find(path)?;
        state.unreadable.insert(node, offset);
        Ok(())
    }

    /// Sets how much may still be written, in bytes.
    pub fn set_free_space_bytes(&self, free_bytes: u64) {
        self.state().free_bytes = free_bytes;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(
        &self,
        operation: &'static str,
        path: &Path,
        change: impl FnOnce(&mut State) -> io::Result<T>,
    ) -> Result<T, DiskError> {
        self.state().run(change).map_err(|e| DiskError::new(operation, path, e))
    }

    fn look<T>(
        &self,
        operation: &'static str,
        path: &Path,
        look: impl FnOnce(&State) -> io::Result<T>,
    ) -> Result<T, DiskError> {
        let state = self.state();
        state
            .check_power()
            .and_then(|()| look(&state))
            .map_err(|e| DiskError::new(operation, path, e))
    }

    fn file(&self, path: &Path, node: u64, sync_on_write: bool) -> Box<dyn DiskFile> {
        let generation = self.state().generation;
        let (state, path) = (self.state.clone(), path.to_owned());
        Box::new(FaultyFile { state, node, generation, path, sync_on_write })
    }

    fn open_or_create(&self, path: &Path, truncate: bool) -> Result<u64, DiskError> {
        match self.look("open", path, |state| state.find(path)) {
            Ok(node) if truncate => self.change("open", path, |state| {
                state.file_mut(node)?.set_len(0);
                Ok(node)
            }),
            Err(error) if error.is_not_found() => self
                .change("open", path, |state| state.create(path, Node::File(FileNode::default()))),
            found => found,
        }
    }
}

impl Disk for FaultyDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> Result<Box<dyn DiskFile>, DiskError> {
        let node = match mode {
            OpenMode::Read | OpenMode::Update => self.look("open", path, |state| {
                let node = state.find(path)?;
                state.file(node).map(|_| node)
            })?,
            OpenMode::Create => self.open_or_create(path, false)?,
            OpenMode::Truncate { .. } => self.open_or_create(path, true)?,
        };
        Ok(self.file(path, node, mode == OpenMode::Truncate { sync_on_write: true }))
    }

    fn kind(&self, path: &Path) -> Result<Option<EntryKind>, DiskError> {
        let found = self.look("stat", path, |state| {
            let node = state.find(path)?;
            Ok(if state.dir(node).is_ok() { EntryKind::Directory } else { EntryKind::File })
        });
        match found {
            Err(error)
                if matches!(
                    error.source.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(None)
            }
            found => found.map(Some),
        }
    }

    fn read_dir(&self, path: &Path) -> Result<Vec<Entry>, DiskError> {
        self.look("list", path, |state| {
            let names = &state.dir(state.find(path)?)?.seen;
            Ok(names
                .iter()
                .map(|(name, node)| {
                    let is_dir = state.dir(*node).is_ok();
                    let kind = if is_dir { EntryKind::Directory } else { EntryKind::File };
                    Entry { name: name.clone(), kind }
                })
                .collect())
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), DiskError> {
        self.change("rename", from, |state| state.rename(from, to))
    }

    fn rename_no_replace(&self, from: &Path, to: &Path) -> Result<(), DiskError> {
        self.change("rename", from, |state| match state.find(to) {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => state.rename(from, to),
        })
    }

    fn hard_link(&self, original: &Path, link: &Path) -> Result<(), DiskError> {
        self.change("link", link, |state| state.link(original, link))
    }

    fn remove_file(&self, path: &Path) -> Result<(), DiskError> {
        self.change("remove", path, |state| {
            state.file(state.find(path)?)?;
            state.unlink(path)
        })
    }

    /// One operation for every name in it: a crash leaves any part.
    fn remove_dir_all(&self, path: &Path) -> Result<(), DiskError> {
        for entry in self.read_dir(path)? {
            let child = path.join(&entry.name);
            if entry.kind == EntryKind::Directory {
                self.remove_dir_all(&child)?;
            } else {
                self.remove_file(&child)?;
            }
        }
        self.change("remove", path, |state| state.unlink(path))
    }

    fn create_dir(&self, path: &Path) -> Result<(), DiskError> {
        self.change("create", path, |state| {
            state.create(path, Node::Dir(DirNode::default())).map(|_| ())
        })
    }

    fn create_dir_all(&self, path: &Path) -> Result<(), DiskError> {
        if self.kind(path)? == Some(EntryKind::Directory) {
            return Ok(());
        }
        let Some(parent) = path.parent() else { return Ok(()) };
        self.create_dir_all(parent)?;
        self.create_dir(path)?;
        self.sync_dir(parent)
    }

    fn set_permissions(&self, path: &Path, _mode: u32) -> Result<(), DiskError> {
        self.change("set permissions of", path, |state| state.find(path).map(|_| ()))
    }

    fn is_writable(&self, path: &Path) -> bool {
        self.look("stat", path, |state| state.find(path)).is_ok()
    }

    fn sync_dir(&self, path: &Path) -> Result<(), DiskError> {
        let mut state = self.state();
        let (fate, lie) = (state.plan.next(), state.lie);
        let mut random = state.plan.random.clone();
        let node = state.find(path);
        let dir = node.and_then(|node| state.dir_mut(node));
        let synced = dir.and_then(|dir| match fate {
            Fate::Works if lie == Some(Lie::DirectoriesAreSynced) => Ok(()),
            Fate::Works => {
                dir.sync();
                Ok(())
            }
            Fate::Fails => {
                dir.fail_sync(&mut random);
                Err(failed())
            }
            Fate::LastOne => {
                dir.sync();
                Err(off())
            }
            Fate::Off => Err(off()),
        });
        state.plan.random = random;
        synced.map_err(|e| DiskError::new("sync", path, e))
    }

    fn lock(&self, path: &Path, owner: &str) -> Result<LockAttempt, DiskError> {
        if self.state().locked.contains(path) {
            return Ok(LockAttempt::Busy { owner: owner.to_owned() });
        }
        let node = self.open_or_create(path, false)?;
        let mut state = self.state();
        let write = state.file_mut(node).map(|file| file.write(0, owner.as_bytes()));
        write.map_err(|e| DiskError::new("write", path, e))?;
        state.locked.insert(path.to_owned());
        let (generation, path) = (state.generation, path.to_owned());
        Ok(LockAttempt::Held(Box::new(FaultyLock { state: self.state.clone(), generation, path })))
    }

    fn free_space_bytes(&self, path: &Path) -> Result<u64, DiskError> {
        self.look("stat", path, |state| Ok(state.free_bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(disk: &FaultyDisk, path: &str) -> Option<Vec<u8>> {
        let file = disk.open(Path::new(path), OpenMode::Read).ok()?;
        Some(file.read_to_limit(1 << 20).unwrap())
    }

    fn create(disk: &FaultyDisk, path: &str) -> Box<dyn DiskFile> {
        disk.open(Path::new(path), OpenMode::Create).unwrap()
    }

    #[test]
    fn what_was_synced_survives_and_the_rest_may_not() {
        let mut seen = [false; 2];
        for seed in 0..32 {
            let disk = FaultyDisk::new(seed);
            let file = create(&disk, "/a");
            file.write_all_at(b"kept", 0).unwrap();
            file.sync_data().unwrap();
            disk.sync_dir(Path::new("/")).unwrap();
            file.write_all_at(b"maybe", 4).unwrap();
            disk.crash();
            let content = read(&disk, "/a").unwrap();
            assert!(content.starts_with(b"kept"));
            seen[usize::from(content == b"keptmaybe")] = true;
            assert!(file.sync_data().is_err(), "an open file is void after a crash");
        }
        assert_eq!(seen, [true; 2]);
    }

    #[test]
    fn a_name_is_lost_unless_its_directory_was_synced() {
        let survived = (0..32).filter(|seed| {
            let disk = FaultyDisk::new(*seed);
            create(&disk, "/a").sync_all().unwrap();
            disk.crash();
            read(&disk, "/a").is_some()
        });
        assert!((1..32).contains(&survived.count()));
    }

    #[test]
    fn a_failed_sync_drops_pages_and_the_next_one_does_not_notice() {
        let mut lost = 0;
        for seed in 0..32 {
            let disk = FaultyDisk::new(seed);
            let file = create(&disk, "/a");
            disk.sync_dir(Path::new("/")).unwrap();
            file.write_all_at(b"data", 0).unwrap();
            disk.fail_at(disk.operations() + 1);
            assert!(file.sync_data().is_err());
            file.sync_data().unwrap();
            assert_eq!(read(&disk, "/a").unwrap(), b"data");
            disk.crash();
            lost += u32::from(read(&disk, "/a").unwrap() != b"data");
        }
        assert!((1..32).contains(&lost));
    }

    #[test]
    fn a_killed_process_leaves_what_it_wrote_and_a_later_crash_may_lose_it() {
        let mut lost = 0;
        for seed in 0..32 {
            let disk = FaultyDisk::new(seed);
            let file = create(&disk, "/a");
            file.write_all_at(b"data", 0).unwrap();
            disk.kill();
            assert!(file.sync_data().is_err(), "an open file is void in the next process");
            assert_eq!(read(&disk, "/a").unwrap(), b"data");
            disk.crash();
            lost += u32::from(read(&disk, "/a").is_none_or(|content| content != b"data"));
        }
        assert!((1..32).contains(&lost));
    }

    #[test]
    fn a_disk_that_lies_loses_what_it_said_it_synced() {
        let survives = |lie, seed| {
            let disk = FaultyDisk::new(seed);
            disk.lie(lie);
            let file = create(&disk, "/a");
            file.write_all_at(b"data", 0).unwrap();
            file.sync_data().unwrap();
            disk.sync_dir(Path::new("/")).unwrap();
            disk.crash();
            read(&disk, "/a").map(|content| content == b"data")
        };
        let seeds = || 0..32;
        assert!(seeds().any(|seed| survives(Lie::DirectoriesAreSynced, seed).is_none()));
        assert!(seeds().all(|seed| survives(Lie::DirectoriesAreSynced, seed) != Some(false)));
        assert!(seeds().any(|seed| survives(Lie::FilesAreSynced, seed) == Some(false)));
        assert!(seeds().all(|seed| survives(Lie::FilesAreSynced, seed).is_some()));
    }

    #[test]
    fn the_same_seed_loses_the_same() {
        let run = |seed| {
            let disk = FaultyDisk::new(seed);
            let file = create(&disk, "/a");
            disk.sync_dir(Path::new("/")).unwrap();
            file.write_all_at(&[7; 5000], 0).unwrap();
            disk.crash();
            read(&disk, "/a").unwrap()
        };
        assert!((0..20).all(|seed| run(seed) == run(seed)));
    }

    #[test]
    fn a_full_disk_takes_what_fits() {
        let disk = FaultyDisk::new(0);
        let file = create(&disk, "/a");
        disk.set_free_space_bytes(3);
        let error = file.write_all_at(b"12345", 0).unwrap_err();
        assert_eq!(error.source.kind(), io::ErrorKind::StorageFull);
        assert_eq!(read(&disk, "/a").unwrap(), b"123");
    }

    #[test]
    fn locks_exclude_until_dropped_or_crashed() {
        let disk = FaultyDisk::new(0);
        let path = Path::new("/in_use.lock");
        let held = disk.lock(path, "1@a").unwrap();
        assert!(matches!(disk.lock(path, "2@b").unwrap(), LockAttempt::Busy { .. }));
        drop(held);
        let held = disk.lock(path, "1@a").unwrap();
        disk.crash();
        assert!(matches!(disk.lock(path, "2@b").unwrap(), LockAttempt::Held(_)));
        drop(held);
    }
}
