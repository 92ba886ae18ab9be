use bytes::Bytes;
use hadoop_proto::{Required, common::rpc_response_header_proto::RpcErrorCodeProto};

use super::{Connection, Phase};
use crate::{
    call::{CallId, Failure, RequestHeader, Response, ResponseTo, RpcException, class_name},
    frame::split_delimited,
    server::{Action, CloseReason},
};

impl Connection {
    /// Decodes the message after the header, or fails the connection.
    pub(super) fn decode<M: Required>(
        &mut self,
        header: &RequestHeader,
        mut packet: Bytes,
    ) -> Option<M> {
        let decoded = split_delimited(&mut packet)
            .ok_or_else(|| "the packet ends inside the message".to_owned())
            .and_then(|bytes| hadoop_proto::decode(bytes).map_err(|error| error.to_string()));
        match decoded {
            Ok(message) => Some(message),
            Err(reason) => {
                let name = M::SCHEMA.name.rsplit('.').next().unwrap_or_default();
                self.fail_decoding(&ResponseTo::packet(header), name, &reason);
                None
            }
        }
    }

    pub(super) fn fail_decoding(&mut self, to: &ResponseTo, message: &str, reason: &str) {
        let text = format!("Error decoding {message}: {reason}");
        let exception = RpcException::new(class_name::RPC_SERVER_EXCEPTION, text);
        self.fail(to, RpcErrorCodeProto::FatalDeserializingRequest, exception);
    }

    pub(super) fn break_rules(&mut self, header: &RequestHeader, message: impl Into<String>) {
        let exception = RpcException::new(class_name::RPC_SERVER_EXCEPTION, message);
        let to = ResponseTo::packet(header);
        self.fail(&to, RpcErrorCodeProto::FatalInvalidRpcHeader, exception);
    }

    pub(super) fn refuse_user(&mut self, message: String) {
        self.actions.push_back(Action::AuthorizationFailed);
        let exception = RpcException::new(class_name::AUTHORIZATION, message);
        let to = ResponseTo::connection(CallId::CONTEXT);
        self.fail(&to, RpcErrorCodeProto::FatalUnauthorized, exception);
    }

    pub(super) fn fail(
        &mut self,
        to: &ResponseTo,
        code: RpcErrorCodeProto,
        exception: RpcException,
    ) {
        let reason = exception.to_string();
        let reply = Response::fatal(to, &Failure { code, exception });
        self.actions.push_back(Action::Reply(reply));
        self.close(CloseReason::Fatal(reason));
    }

    pub(super) fn close(&mut self, reason: CloseReason) {
        self.phase = Phase::Closed;
        self.actions.push_back(Action::Close(reason));
    }
}
