//! What every decoder of bytes from outside must keep, whatever the bytes: one function per kind
//! of input. It panics if the input breaks a rule.
//!
//! libFuzzer calls these functions with inputs of its own (`tests/fuzz/targets`, `scripts/fuzz`); an
//! ordinary test calls them with every file of `tests/fuzz/corpus` (`tests/fuzz/replay.rs`).

mod configuration;
mod connection;
mod conversation;
mod edits;
mod fencing;
mod frames;
mod mutation;
mod paxos;
mod requests;
mod sasl;
mod target;
mod version;
mod znode;

pub use mutation::Mutation;
pub use target::{TARGETS, Target};
