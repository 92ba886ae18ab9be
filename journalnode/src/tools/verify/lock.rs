use std::fs::File;
use std::path::Path;

use rustix::process::{Flock, FlockType, fcntl_getlk};

/// The process that holds the lock of a journal, without taking or creating anything.
///
/// Not to be called by a process that holds the lock itself: closing the file gives it back.
pub(super) fn holder(root: &Path) -> Option<i32> {
    let file = File::open(root.join("in_use.lock")).ok()?;
    let held = fcntl_getlk(&file, &Flock::from(FlockType::WriteLock)).ok()??;
    // 0 stands for a process of another process namespace.
    Some(held.pid.map_or(0, |pid| pid.as_raw_nonzero().get()))
}
