//! The shell around the [`engine`](crate::engine): one event loop that owns it, gives it what
//! happens and carries out what it decides.
//!
//! Every call runs in a task of its own, is known by its number, and ends with the loop or when
//! the engine gives it up; fencing ends its processes then. Nothing in the loop waits, so the
//! engine hears of lost sessions, of health and of the time whatever else is going on.

mod clock;
mod desk;
mod event_loop;
mod faults;
mod fencing;
mod force;
mod handle;
mod input;
mod inquiry;
mod journal;
mod lease;
mod lock_calls;
mod namenodes;
mod recorder;
mod requests;
mod sessions;
mod snapshot;
mod successor;
mod timeline;
mod timers;

pub use event_loop::{Ended, EventLoop, Parts};
pub use handle::{ControllerHandle, Mailbox};
pub use namenodes::NameNodes;
pub use timeline::Timeline;
