//! A new process of the same node goes on where this one stops: sockets, connections and open
//! segments change hands, and no writer notices (docs/adr/0006).
//!
//! [`Predecessor`] is what the new process sees of the old one, [`Successor`] the other way
//! round; [`Message`](message::Message)s go through a [`Channel`](channel::Channel) between them.

mod channel;
mod error;
mod message;
mod offer;
mod predecessor;
mod program;
mod sockets;
mod successor;
mod wire;

pub use error::HandOverError;
pub(super) use offer::Offer;
pub use predecessor::Predecessor;
pub(super) use predecessor::gone;
pub use program::Program;
pub(super) use sockets::{Addresses, Door, Sockets};
pub(super) use successor::Successor;
