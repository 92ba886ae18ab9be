//! A throw-away OpenSSH server on loopback, never the system's.

mod key_pair;
mod sshd;
mod victim;
mod wait;

pub(crate) use key_pair::{KeyKind, KeyPair};
pub(crate) use sshd::Sshd;
pub(crate) use victim::Victim;
pub(crate) use wait::{is_running, wait_until};
