use std::{net::SocketAddr, sync::Arc};

use super::{AuthState, Connection, ConnectionSettings, Phase};
use crate::{frame::FrameDecoder, server::Caller};

/// What another process must know of a connection to go on with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Whether the client has said which protocol and version it speaks.
    pub greeted: bool,
    /// Who calls, once the connection context said so.
    pub caller: Option<CarriedCaller>,
    /// What arrived and is not a whole packet yet.
    pub undecoded: Vec<u8>,
}

/// Who calls, as the connection context says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedCaller {
    /// The user; `None` for anonymous.
    pub user: Option<String>,
    /// The protocol.
    pub protocol: Option<String>,
}

impl Connection {
    /// What a successor needs; `None` if the connection cannot change hands: it is closing, or
    /// the keys of a SASL session stay in this process.
    pub fn carry(&self) -> Option<Carried> {
        let greeted = match self.phase {
            Phase::Preamble => false,
            Phase::Open => true,
            Phase::Authorizing | Phase::Closed => return None,
        };
        let simple = matches!(self.auth, AuthState::Simple) && self.unwrapper.is_none();
        let caller = self.caller.as_ref().map(|caller| CarriedCaller {
            user: caller.user.clone(),
            protocol: caller.protocol.clone(),
        });
        let undecoded = self.packets.undecoded();
        (simple && self.actions.is_empty()).then_some(Carried { greeted, caller, undecoded })
    }

    /// Goes on where another process stopped. A caller that was let in is judged again: the
    /// rules may have changed.
    pub fn resume(settings: ConnectionSettings, peer: SocketAddr, carried: Carried) -> Self {
        let Carried { greeted, caller, undecoded } = carried;
        let mut connection = Self::new(settings, peer);
        let limit_bytes = connection.settings.max_data_length_bytes;
        connection.packets = FrameDecoder::resume(limit_bytes, &undecoded);
        if greeted {
            connection.phase = Phase::Open;
        }
        if let Some(CarriedCaller { user, protocol }) = caller {
            connection.establish(Arc::new(Caller { user, address: peer, protocol }));
        }
        connection
    }
}
