//! Fills the index: looks at the journals' states and reads what is new in their files.

mod fault;
mod followed;
mod follower;
mod look;
mod rebuild;
mod seeds;
mod walk;

pub use follower::Follower;
