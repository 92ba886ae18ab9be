//! A disk in memory that loses what a real one may lose. Deterministic: the same seed and the
//! same calls give the same losses.
//!
//! - A crash loses any part of what was written to a file since its last sync: all, nothing,
//!   or some sectors and any length between; and any tail of the changes of a directory since
//!   its last sync. A rename is atomic.
//! - Any single operation can be made to fail: a write after some prefix of it, a sync after
//!   the kernel dropped the dirty pages and marked them clean, so that the next one succeeds.
//! - The power can fail in the middle of any operation.
//! - A killed process loses nothing, but what it did not sync may be lost later.
//! - A disk may lie, to find out whether a test notices.

mod dir_node;
mod faulty_disk;
mod faulty_file;
mod faulty_lock;
mod file_node;
mod lie;
mod plan;
mod random;
mod state;

pub use faulty_disk::FaultyDisk;
pub use lie::Lie;
