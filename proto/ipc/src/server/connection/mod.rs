//! Every rule of a connection, without its socket: bytes in, [`Action`]s out. One file per
//! kind of packet.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod carried;
mod context;
mod packet;
mod preamble;
mod refuse;
mod sasl;
mod user;

pub use carried::{Carried, CarriedCaller};

use std::{collections::VecDeque, net::SocketAddr, sync::Arc};

use bytes::{BytesMut, buf::Limit};

use super::{Action, Caller};
use crate::{
    frame::FrameDecoder,
    sasl::{MechanismFactory, SaslServer, Unwrapper},
};

/// What a connection needs to know of its server.
#[derive(Clone)]
pub struct ConnectionSettings {
    /// Longest request, in bytes.
    pub max_data_length_bytes: usize,
    /// How to authenticate; `None` for SIMPLE.
    pub mechanism: Option<Arc<dyn MechanismFactory>>,
    /// Whether [`Action::Authorize`] is to be asked.
    pub authorize: bool,
}

/// Every rule of a connection, without its socket: bytes in, [`Action`]s out.
///
/// Read into [`room`](Self::room), then take actions until there are none.
/// Source: `Server.Connection`.
pub struct Connection {
    settings: ConnectionSettings,
    peer: SocketAddr,
    packets: FrameDecoder,
    unwrapper: Option<Unwrapper>,
    phase: Phase,
    auth: AuthState,
    caller: Option<Arc<Caller>>,
    actions: VecDeque<Action>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Preamble,
    Open,
    Authorizing,
    Closed,
}

enum AuthState {
    Simple,
    Negotiating(SaslServer),
    Authenticated(String),
}

impl Connection {
    /// A connection nothing was read from yet.
    pub fn new(settings: ConnectionSettings, peer: SocketAddr) -> Self {
        let packets = FrameDecoder::new(settings.max_data_length_bytes);
        Self {
            settings,
            peer,
            packets,
            unwrapper: None,
            phase: Phase::Preamble,
            auth: AuthState::Simple,
            caller: None,
            actions: VecDeque::new(),
        }
    }

    /// Who is at the other end.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Where the next bytes from the client go; never without room.
    pub fn room(&mut self) -> Limit<&mut BytesMut> {
        self.packets.room()
    }

    /// Copies bytes that are already in memory; returns how many were taken.
    pub fn push(&mut self, bytes: &[u8]) -> usize {
        self.packets.push(bytes)
    }

    /// The next thing to do, or `None` until more bytes (or the verdict asked for) arrive.
    pub fn next_action(&mut self) -> Option<Action> {
        loop {
            if let Some(action) = self.actions.pop_front() {
                return Some(action);
            }
            match self.phase {
                Phase::Closed | Phase::Authorizing => return None,
                Phase::Preamble => {
                    let preamble = self.packets.take_preamble()?;
                    self.accept_preamble(preamble);
                }
                Phase::Open => match self.next_packet() {
                    Ok(None) => return None,
                    Ok(Some((packet, wrapped))) => self.accept_packet(packet, wrapped),
                    Err(error) => self.close(error.into()),
                },
            }
        }
    }

    /// The verdict [`Action::Authorize`] asked for; ignored if it did not.
    pub fn authorized(&mut self, verdict: Result<(), String>) {
        if self.phase != Phase::Authorizing {
            return;
        }
        self.phase = Phase::Open;
        match (verdict, self.caller.clone()) {
            (Ok(()), Some(caller)) => self.actions.push_back(Action::Established(caller)),
            (Ok(()), None) => {}
            (Err(message), _) => self.refuse_user(message),
        }
    }

    /// Bytes of memory held for what arrived.
    pub fn allocated_bytes(&self) -> usize {
        self.packets.allocated_bytes()
    }
}
