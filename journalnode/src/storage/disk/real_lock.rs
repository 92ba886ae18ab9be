use std::fs::{File, OpenOptions, canonicalize, metadata, remove_file};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;

use super::{DiskError, HeldLock, LockAttempt};

/// Longest text of an owner that is read back, in bytes.
const OWNER_LIMIT_BYTES: usize = 512;
/// How often a lock is tried again when its file was removed between opening and locking it.
const REMOVED_LOCK_RETRIES: usize = 16;

/// A record lock on a whole file, which excludes the one that Java's `FileChannel.tryLock` takes.
///
/// It belongs to the open file (`F_OFD_SETLK`), not to the process: another descriptor of the
/// same open file keeps it, in another process too, and another opening of the file in this
/// process neither gets it nor drops it.
#[derive(Debug)]
struct RealLock {
    path: PathBuf,
    /// Closing its last descriptor gives the lock back; only `Drop` and `leave` may take it.
    file: Option<File>,
    /// Whether the file is this process's to remove. Another one may still go on with it.
    own: bool,
}

impl HeldLock for RealLock {
    fn share(&self) -> io::Result<OwnedFd> {
        let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        Ok(file.try_clone()?.into())
    }

    fn leave(&mut self) {
        self.file = None;
    }

    fn take_up(&mut self, owner: &str) -> io::Result<()> {
        let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        self.own = true;
        file.set_len(owner.len() as u64)?;
        file.write_all_at(owner.as_bytes(), 0)
    }
}

impl Drop for RealLock {
    /// Removes the file while the lock is held, and only if it is still the locked one.
    fn drop(&mut self) {
        if let Some(file) = self.file.take()
            && self.own
            && is_still_at(&file, &self.path)
        {
            let _ = remove_file(&self.path);
        }
    }
}

/// Locks `path`, whose directory must exist.
pub(super) fn lock(path: &Path, owner: &str) -> Result<LockAttempt, DiskError> {
    let path = absolute(path).map_err(|e| DiskError::new("find", path, e))?;
    for _ in 0..REMOVED_LOCK_RETRIES {
        let file = open(&path).map_err(|e| DiskError::new("open", &path, e))?;
        match take(&file) {
            Err(Errno::EAGAIN | Errno::EACCES) => return Ok(busy(&file)),
            Err(e) => return Err(DiskError::new("lock", &path, e)),
            Ok(()) => {}
        }
        if !is_still_at(&file, &path) {
            continue;
        }
        file.write_all_at(owner.as_bytes(), 0).map_err(|e| DiskError::new("write", &path, e))?;
        return Ok(LockAttempt::Held(Box::new(RealLock { path, file: Some(file), own: true })));
    }
    Ok(LockAttempt::Busy { owner: String::new() })
}

/// Goes on with a lock that another process took. It is asked for again, which an open file
/// that has it always gets: so it is held, and on the file that is there.
pub(super) fn adopt(path: &Path, shared: OwnedFd) -> Result<LockAttempt, DiskError> {
    let path = absolute(path).map_err(|e| DiskError::new("find", path, e))?;
    let file = File::from(shared);
    match take(&file) {
        Err(Errno::EAGAIN | Errno::EACCES) => return Ok(busy(&file)),
        Err(e) => return Err(DiskError::new("lock", &path, e)),
        Ok(()) => {}
    }
    if !is_still_at(&file, &path) {
        return Ok(LockAttempt::Busy { owner: String::new() });
    }
    Ok(LockAttempt::Held(Box::new(RealLock { path, file: Some(file), own: false })))
}

fn take(file: &File) -> Result<(), Errno> {
    let whole_file = libc::flock {
        l_type: libc::F_WRLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    fcntl(file, FcntlArg::F_OFD_SETLK(&whole_file)).map(drop)
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o644).open(path)
}

/// The name that two ways to the same directory share.
fn absolute(path: &Path) -> io::Result<PathBuf> {
    let directory = canonicalize(path.parent().unwrap_or(Path::new("/")))?;
    Ok(directory.join(path.file_name().unwrap_or_default()))
}

/// An owner that closes removes the file first: a lock on a removed file excludes nobody.
fn is_still_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), metadata(path)) {
        (Ok(ours), Ok(there)) => ours.ino() == there.ino() && ours.dev() == there.dev(),
        _ => false,
    }
}

fn busy(file: &File) -> LockAttempt {
    let mut text = vec![0; OWNER_LIMIT_BYTES];
    let read = file.read_at(&mut text, 0).unwrap_or(0);
    LockAttempt::Busy { owner: String::from_utf8_lossy(&text[..read]).trim().to_owned() }
}
