//! What callers may take of the process.

use std::time::Duration;

use crate::editlog::MAX_OP_BYTES;

/// Connections at a time; a further one is closed at once.
pub(super) const MAX_CONNECTIONS: usize = 32;
/// Calls of one connection at a time.
pub(super) const MAX_STREAMS_PER_CONNECTION: u32 = 16;
/// Calls of all connections at a time whose answer has no end: watch, tail, scrub.
pub(super) const MAX_LONG_CALLS: usize = 32;
/// Longest request.
pub(super) const MAX_REQUEST_BYTES: usize = 64 << 10;
/// Longest header of a request.
pub(super) const MAX_HEADER_BYTES: u32 = 16 << 10;
/// Longest answer: any operation fits, and whatever goes before it.
pub(super) const MAX_ANSWER_BYTES: usize = MAX_OP_BYTES + (8 << 20);
/// Answers of one long call that wait for a slow caller.
pub(super) const MAX_QUEUED_ANSWERS: usize = 4;
/// Who connects must say something within this.
pub(super) const FIRST_BYTES: Duration = Duration::from_secs(10);
/// Who connects must have shown its certificate within this.
pub(super) const HANDSHAKE: Duration = Duration::from_secs(10);
/// A caller that is silent for this long is asked whether it is still there.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// A caller that does not answer that within this is gone.
pub(super) const KEEP_ALIVE_ANSWER: Duration = Duration::from_secs(20);
/// How long callers get to take what was sent to them when the process ends.
pub(super) const DRAIN: Duration = Duration::from_millis(500);
/// How soon and how late a watcher may want to be told of changes.
pub(super) const WATCH_INTERVAL_MS: std::ops::RangeInclusive<u32> = 100..=60_000;
/// How soon it is told if it does not say.
pub(super) const DEFAULT_WATCH_INTERVAL_MS: u32 = 1000;
