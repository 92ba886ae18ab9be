use std::sync::Arc;

use bytes::Bytes;
use hadoop_proto::common::{RpcSaslProto, rpc_sasl_proto::SaslState};

use super::{Established, Mechanism, MechanismFactory, SaslError, Step};

/// The server's half of a negotiation, until it ends in SIMPLE or in an authenticated user.
/// Source: `Server.Connection.processSaslMessage`.
pub struct SaslServer {
    factory: Option<Arc<dyn MechanismFactory>>,
    sent_negotiate: bool,
    mechanism: Option<Box<dyn Mechanism>>,
}

/// What to do after a message.
pub enum SaslReply {
    /// Send it and wait for the client.
    Continue(RpcSaslProto),
    /// Send it; the client goes on without SASL.
    SwitchToSimple(RpcSaslProto),
    /// Send it; the client is authenticated and wrapping, if any, begins after it.
    Established(RpcSaslProto, Established),
}

impl SaslServer {
    /// Without a factory the server is SIMPLE and sends every client back to that.
    pub fn new(factory: Option<Arc<dyn MechanismFactory>>) -> Self {
        Self { factory, sent_negotiate: false, mechanism: None }
    }

    /// Answers any message but WRAP. An error ends the connection.
    pub fn process(&mut self, message: RpcSaslProto) -> Result<SaslReply, SaslError> {
        match SaslState::try_from(message.state) {
            Ok(SaslState::Negotiate) if self.sent_negotiate => {
                Err(SaslError::AccessControl("Client already attempted negotiation".into()))
            }
            Ok(SaslState::Negotiate) => Ok(self.negotiate()),
            Ok(SaslState::Initiate) => self.initiate(message),
            Ok(SaslState::Response) => self.process_token(message.token),
            Ok(other) => Err(SaslError::sasl(format!(
                "Client sent unsupported state {}",
                other.as_str_name()
            ))),
            Err(_) => Err(SaslError::sasl("Client sent unsupported state")),
        }
    }

    fn negotiate(&mut self) -> SaslReply {
        let Some(factory) = &self.factory else {
            return SaslReply::SwitchToSimple(reply(SaslState::Success, None));
        };
        self.sent_negotiate = true;
        let auths = vec![factory.offer().to_proto()];
        SaslReply::Continue(RpcSaslProto { auths, ..reply(SaslState::Negotiate, None) })
    }

    fn initiate(&mut self, message: RpcSaslProto) -> Result<SaslReply, SaslError> {
        let [auth] = message.auths.as_slice() else {
            return Err(SaslError::sasl("Client mechanism is malformed"));
        };
        let factory = match &self.factory {
            Some(factory) if *auth == factory.offer().to_proto() => factory,
            Some(factory) if self.sent_negotiate => {
                return Err(SaslError::AccessControl(format!(
                    "{} authentication is not enabled.  Available:[{}]",
                    auth.method,
                    factory.offer().method
                )));
            }
            _ => return Ok(self.negotiate()),
        };
        self.mechanism = Some(factory.start()?);
        self.process_token(message.token)
    }

    fn process_token(&mut self, token: Option<Bytes>) -> Result<SaslReply, SaslError> {
        let token = token.ok_or_else(|| SaslError::sasl("Client did not send a token"))?;
        // Java fails with a null pointer here and closes without a word.
        let mechanism =
            self.mechanism.as_mut().ok_or_else(|| SaslError::sasl("Client did not initiate"))?;
        Ok(match mechanism.step(&token)? {
            Step::Challenge(token) => SaslReply::Continue(reply(SaslState::Challenge, Some(token))),
            Step::Complete(established) => SaslReply::Established(
                reply(SaslState::Success, established.token.clone()),
                established,
            ),
        })
    }
}

fn reply(state: SaslState, token: Option<Bytes>) -> RpcSaslProto {
    RpcSaslProto { state: state as i32, token, ..Default::default() }
}
