//! A throw-away OpenSSH server with its own keys, never the system's, and whom to kill through it.

mod key_pair;
mod sshd;
mod victim;

pub use key_pair::{KeyKind, KeyPair};
pub use sshd::Sshd;
pub use victim::Victim;
