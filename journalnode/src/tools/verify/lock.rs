use std::fs::{self, File};
use std::path::Path;

use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;

/// The process that holds the lock of a journal, without taking or creating anything; 0 if it
/// cannot be told.
///
/// Not to be called by a process that holds the lock itself: closing the file may give it back.
pub(super) fn holder(root: &Path) -> Option<i32> {
    let path = root.join("in_use.lock");
    let file = File::open(&path).ok()?;
    let mut lock = libc::flock {
        l_type: libc::F_WRLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    fcntl(&file, FcntlArg::F_GETLK(&mut lock)).ok()?;
    if lock.l_type == libc::F_UNLCK as libc::c_short {
        return None;
    }
    // The kernel knows no process for a lock that belongs to an open file, as ours, and none of
    // another process namespace.
    Some(if lock.l_pid > 0 { lock.l_pid } else { named_in(&path).unwrap_or(0) })
}

/// From the `pid@host` that whoever has the lock wrote.
fn named_in(path: &Path) -> Option<i32> {
    fs::read_to_string(path).ok()?.split('@').next()?.parse().ok()
}
