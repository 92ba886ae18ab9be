use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::wire::{WireConnection, WireJournal};

/// What the two processes tell each other.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Message {
    /// Old to new, first, with the listening sockets. Every version begins with it, and keeps
    /// these fields.
    Hello {
        /// How the rest is to be understood.
        version: u32,
        /// Where the configuration of the old process has RPC served.
        rpc: SocketAddr,
        /// The same for HTTP.
        http: SocketAddr,
        /// The same for the inspection service, if it is served.
        inspect: Option<SocketAddr>,
    },
    /// New to old: everything but the journals and connections is there.
    Ready,
    /// New to old: it ends, for this reason.
    Refused(String),
    /// Old to new, with the lock.
    Journal(WireJournal),
    /// Old to new, with the socket, and what was read of it.
    Connection(WireConnection),
    /// Old to new: that was all.
    End,
    /// New to old: all of it is as told.
    Verified,
    /// Old to new: it is yours.
    Go,
}

impl Message {
    /// The version of all but [`Message::Hello`]. Another one is not understood.
    pub(super) const VERSION: u32 = 1;
}
