use std::sync::Arc;

use bytes::Bytes;
use hadoop_proto::common::IpcConnectionContextProto;

use super::{
    AuthState, Connection, Phase,
    user::{ContextError, connection_user},
};
use crate::{
    call::RequestHeader,
    server::{Action, Caller, CloseReason},
};

impl Connection {
    pub(super) fn accept_context(&mut self, header: &RequestHeader, packet: Bytes) {
        if matches!(self.auth, AuthState::Negotiating(_)) {
            return self.break_rules(header, "Connection header sent during SASL negotiation");
        }
        if self.caller.is_some() {
            return self.break_rules(header, "Connection context already processed");
        }
        let Some(context) = self.decode::<IpcConnectionContextProto>(header, packet) else {
            return;
        };
        let authenticated = match &self.auth {
            AuthState::Authenticated(user) => Some(user.as_str()),
            _ => None,
        };
        match connection_user(authenticated, context.user_info) {
            Ok(user) => {
                let (address, protocol) = (self.peer, context.protocol);
                self.establish(Arc::new(Caller { user, address, protocol }));
            }
            Err(ContextError::EmptyUser) => self.close(CloseReason::EmptyUser),
            Err(refused) => self.refuse_user(refused.to_string()),
        }
    }

    pub(super) fn establish(&mut self, caller: Arc<Caller>) {
        self.caller = Some(caller.clone());
        if self.settings.authorize {
            self.phase = Phase::Authorizing;
            self.actions.push_back(Action::Authorize(caller));
        } else {
            self.actions.push_back(Action::Established(caller));
        }
    }
}
