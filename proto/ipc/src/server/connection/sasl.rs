use bytes::Bytes;
use hadoop_proto::common::{
    RpcSaslProto, rpc_response_header_proto::RpcErrorCodeProto, rpc_sasl_proto::SaslState,
};

use super::{AuthState, Connection};
use crate::{
    call::{RequestHeader, Response, ResponseTo, RpcException, class_name},
    sasl::{Established, SaslError, SaslReply, Unwrapper},
    server::{Action, CloseReason},
};

impl Connection {
    pub(super) fn accept_sasl(&mut self, header: &RequestHeader, packet: Bytes, wrapped: bool) {
        if matches!(self.auth, AuthState::Simple) {
            return self.break_rules(header, "SASL protocol not requested by client");
        }
        let Some(message) = self.decode::<RpcSaslProto>(header, packet) else {
            return;
        };
        if message.state == SaslState::Wrap as i32 {
            return self.accept_wrapped(header, message.token.unwrap_or_default(), wrapped);
        }
        match &mut self.auth {
            AuthState::Negotiating(server) => {
                let reply = server.process(message);
                self.negotiated(header, reply);
            }
            _ => self.break_sasl_rules(header, "Negotiation is already complete"),
        }
    }

    fn accept_wrapped(&mut self, header: &RequestHeader, token: Bytes, wrapped: bool) {
        match &mut self.unwrapper {
            Some(unwrapper) if !wrapped => {
                if let Err(error) = unwrapper.unwrap(&token) {
                    self.close(CloseReason::Unwrap(error));
                }
            }
            _ => self.break_sasl_rules(header, "Server is not wrapping data"),
        }
    }

    fn negotiated(&mut self, header: &RequestHeader, reply: Result<SaslReply, SaslError>) {
        match reply {
            Ok(SaslReply::Continue(message)) => self.reply_sasl(&message),
            Ok(SaslReply::SwitchToSimple(message)) => {
                self.auth = AuthState::Simple;
                self.reply_sasl(&message);
            }
            Ok(SaslReply::Established(message, established)) => {
                self.actions.push_back(Action::Authenticated);
                // The last answer still travels in the clear.
                self.reply_sasl(&message);
                self.authenticate(established);
            }
            Err(error) => {
                self.actions.push_back(Action::AuthenticationFailed);
                let to = ResponseTo::packet(header);
                self.fail(&to, RpcErrorCodeProto::FatalUnauthorized, error.exception());
            }
        }
    }

    fn authenticate(&mut self, established: Established) {
        self.auth = AuthState::Authenticated(established.user);
        if established.qop.wraps() {
            let limit = self.settings.max_data_length_bytes;
            self.unwrapper = Some(Unwrapper::new(established.wrapper.clone(), limit));
            self.actions.push_back(Action::Wrap(established.wrapper));
        }
    }

    fn reply_sasl(&mut self, message: &RpcSaslProto) {
        self.actions.push_back(Action::Reply(Response::sasl(message)));
    }

    fn break_sasl_rules(&mut self, header: &RequestHeader, message: &str) {
        let exception = RpcException::new(class_name::SASL, message);
        let to = ResponseTo::packet(header);
        self.fail(&to, RpcErrorCodeProto::FatalInvalidRpcHeader, exception);
    }
}
