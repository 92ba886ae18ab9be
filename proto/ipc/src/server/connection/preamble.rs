use hadoop_proto::common::rpc_response_header_proto::RpcErrorCodeProto;

use super::{AuthState, Connection, Phase};
use crate::{
    call::{CallId, Response, ResponseTo, RpcException, class_name},
    frame::{
        AuthProtocol, PREAMBLE_BYTES, Preamble, RPC_VERSION, http_refusal, old_version_refusal,
    },
    sasl::SaslServer,
    server::{Action, CloseReason},
};

impl Connection {
    pub(super) fn accept_preamble(&mut self, bytes: [u8; PREAMBLE_BYTES]) {
        self.phase = Phase::Open;
        match (Preamble::parse(bytes), &self.settings.mechanism) {
            (Preamble::Accepted(AuthProtocol::None), None) => {}
            (Preamble::Accepted(AuthProtocol::None), Some(factory)) => {
                let method = &factory.offer().method;
                let text = format!("SIMPLE authentication is not enabled.  Available:[{method}]");
                self.refuse_preamble(class_name::ACCESS_CONTROL, text);
            }
            (Preamble::Accepted(AuthProtocol::Sasl), factory) => {
                self.auth = AuthState::Negotiating(SaslServer::new(factory.clone()));
            }
            (Preamble::UnknownAuth(auth), _) => {
                self.refuse_preamble(
                    class_name::IPC_EXCEPTION,
                    format!("Unknown auth protocol:{auth}"),
                );
            }
            (Preamble::HttpGet, _) => {
                self.actions.push_back(Action::Reply(Response::raw(http_refusal())));
                self.close(CloseReason::Http);
            }
            (Preamble::BadVersion(version), _) => self.refuse_version(version),
        }
    }

    fn refuse_preamble(&mut self, class: &'static str, message: String) {
        let exception = RpcException::new(class, message);
        let to = ResponseTo::connection(CallId::CONNECTION);
        self.fail(&to, RpcErrorCodeProto::FatalUnauthorized, exception);
    }

    fn refuse_version(&mut self, version: i8) {
        let message = format!(
            "Server IPC version {RPC_VERSION} cannot communicate with client version {version}"
        );
        if version >= RPC_VERSION as i8 {
            let exception = RpcException::new(class_name::RPC_VERSION_MISMATCH, message);
            let to = ResponseTo::connection(CallId::CONNECTION);
            return self.fail(&to, RpcErrorCodeProto::FatalVersionMismatch, exception);
        }
        if let Some(reply) = old_version_refusal(version, &message) {
            self.actions.push_back(Action::Reply(Response::raw(reply)));
        }
        self.close(CloseReason::BadVersion(version));
    }
}
