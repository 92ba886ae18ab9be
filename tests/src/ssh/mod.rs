//! A throw-away OpenSSH server with its own keys, never the system's.

mod key_pair;
mod sshd;

pub use key_pair::{KeyKind, KeyPair};
pub use sshd::Sshd;
