use std::fs::{self, DirBuilder, FileType, OpenOptions, Permissions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{Access, CWD, Mode, OFlags, RawDir, RenameFlags};

use super::real_file::RealFile;
use super::{Disk, DiskError, DiskFile, Entry, EntryKind, LockAttempt, OpenMode, real_lock};

/// How much of a directory the kernel is asked for at once, in bytes: about 3,500 names of
/// finished segments.
const LISTING_BUFFER_BYTES: usize = 256 << 10;

/// The file system of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> Result<Box<dyn DiskFile>, DiskError> {
        let file = options(mode).open(path).map_err(|e| DiskError::new("open", path, e))?;
        Ok(Box::new(RealFile { file, path: path.to_owned() }))
    }

    fn kind(&self, path: &Path) -> Result<Option<EntryKind>, DiskError> {
        match fs::metadata(path) {
            Ok(metadata) => Ok(Some(kind_of(metadata.file_type()))),
            Err(e) if is_absent(&e) => Ok(None),
            Err(e) => Err(DiskError::new("stat", path, e)),
        }
    }

    fn read_dir(&self, path: &Path) -> Result<Vec<Entry>, DiskError> {
        list(path).map_err(|e| DiskError::new("list", path, e))
    }

    fn visit_names(&self, path: &Path, visit: &mut dyn FnMut(&str)) -> Result<(), DiskError> {
        visit_names(path, visit).map_err(|e| DiskError::new("list", path, e))
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), DiskError> {
        fs::rename(from, to).map_err(|e| DiskError::new("rename", from, e))
    }

    fn rename_no_replace(&self, from: &Path, to: &Path) -> Result<(), DiskError> {
        rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)
            .map_err(|e| DiskError::new("rename", from, e))
    }

    fn hard_link(&self, original: &Path, link: &Path) -> Result<(), DiskError> {
        fs::hard_link(original, link).map_err(|e| DiskError::new("link", link, e))
    }

    fn remove_file(&self, path: &Path) -> Result<(), DiskError> {
        fs::remove_file(path).map_err(|e| DiskError::new("remove", path, e))
    }

    fn remove_dir_all(&self, path: &Path) -> Result<(), DiskError> {
        fs::remove_dir_all(path).map_err(|e| DiskError::new("remove", path, e))
    }

    fn create_dir(&self, path: &Path) -> Result<(), DiskError> {
        fs::create_dir(path).map_err(|e| DiskError::new("create", path, e))
    }

    fn create_dir_all(&self, path: &Path) -> Result<(), DiskError> {
        if path.is_dir() {
            return Ok(());
        }
        if let Some(parent) = path.parent() {
            self.create_dir_all(parent)?;
        }
        match DirBuilder::new().create(path) {
            Err(e) if e.kind() != io::ErrorKind::AlreadyExists || !path.is_dir() => {
                Err(DiskError::new("create", path, e))
            }
            _ => path.parent().map_or(Ok(()), |parent| self.sync_dir(parent)),
        }
    }

    fn set_permissions(&self, path: &Path, mode: u32) -> Result<(), DiskError> {
        fs::set_permissions(path, Permissions::from_mode(mode))
            .map_err(|e| DiskError::new("set permissions of", path, e))
    }

    fn is_writable(&self, path: &Path) -> bool {
        rustix::fs::access(path, Access::WRITE_OK).is_ok()
    }

    fn sync_dir(&self, path: &Path) -> Result<(), DiskError> {
        // Not even tried is not failed: without a free descriptor nothing was lost.
        let directory = fs::File::open(path).map_err(|e| DiskError::new("open", path, e))?;
        directory.sync_all().map_err(|e| DiskError::new("sync", path, e))
    }

    fn lock(&self, path: &Path, owner: &str) -> Result<LockAttempt, DiskError> {
        real_lock::lock(path, owner)
    }

    fn adopt_lock(&self, path: &Path, shared: OwnedFd) -> Result<LockAttempt, DiskError> {
        real_lock::adopt(path, shared)
    }

    fn free_space_bytes(&self, path: &Path) -> Result<u64, DiskError> {
        rustix::fs::statvfs(path)
            .map(|stat| stat.f_bavail.saturating_mul(stat.f_frsize))
            .map_err(|e| DiskError::new("stat", path, e))
    }
}

fn options(mode: OpenMode) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).mode(0o644);
    match mode {
        OpenMode::Read => {}
        OpenMode::Update => {
            options.write(true);
        }
        OpenMode::Create => {
            options.write(true).create(true).truncate(false);
        }
        OpenMode::Truncate { sync_on_write } => {
            let flags = if sync_on_write { OFlags::DSYNC } else { OFlags::empty() };
            options.write(true).create(true).truncate(true).custom_flags(flags.bits() as i32);
        }
    }
    options
}

fn kind_of(kind: FileType) -> EntryKind {
    if kind.is_file() {
        EntryKind::File
    } else if kind.is_dir() {
        EntryKind::Directory
    } else {
        EntryKind::Other
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn list(path: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string() {
            entries.push(Entry { name, kind: kind_of(entry.file_type()?) });
        }
    }
    Ok(entries)
}

fn visit_names(path: &Path, visit: &mut dyn FnMut(&str)) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let directory = rustix::fs::open(path, flags, Mode::empty())?;
    let mut buffer = Vec::with_capacity(LISTING_BUFFER_BYTES);
    let mut entries = RawDir::new(directory, buffer.spare_capacity_mut());
    while let Some(entry) = entries.next() {
        match entry?.file_name().to_str() {
            Ok("." | "..") | Err(_) => {}
            Ok(name) => visit(name),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    /// More than the kernel hands over at once.
    const MANY: usize = 5_000;

    #[test]
    fn the_names_that_are_visited_are_those_that_are_listed() {
        let directory = tempfile::tempdir().unwrap();
        for number in 0..MANY {
            let name = format!("edits_{number:019}-{number:019}");
            fs::File::create(directory.path().join(name)).unwrap();
        }
        fs::create_dir(directory.path().join("paxos")).unwrap();
        fs::File::create(directory.path().join(OsStr::from_bytes(b"edits_\xff"))).unwrap();
        let mut visited = BTreeSet::new();
        let mut visit = |name: &str| assert!(visited.insert(name.to_owned()), "{name} came twice");
        RealDisk.visit_names(directory.path(), &mut visit).unwrap();
        let listed = RealDisk.read_dir(directory.path()).unwrap();
        assert_eq!(visited.len(), MANY + 1);
        assert_eq!(visited, listed.into_iter().map(|entry| entry.name).collect());
    }

    #[test]
    fn a_directory_that_is_not_there_is_not_found() {
        let directory = tempfile::tempdir().unwrap();
        let gone = directory.path().join("gone");
        let error = RealDisk.visit_names(&gone, &mut |_| {}).unwrap_err();
        assert!(error.is_not_found(), "{error}");
        assert!(error.to_string().contains("gone"), "{error}");
    }
}
