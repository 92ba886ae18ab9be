//! `zkfc-rs pause`, `resume` and `confirm-fenced`: what a person wants of the controllers is
//! left in ZooKeeper, where they watch for it. No controller needs an open port for it.

mod confirm_fenced;
mod pause;
mod target;

pub use confirm_fenced::ConfirmOptions;
pub(super) use confirm_fenced::confirm_fenced;
pub use pause::{PauseOptions, ResumeOptions};
pub(super) use pause::{pause, resume};
pub use target::{Refusal, check_target};
