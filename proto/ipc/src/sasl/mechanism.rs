use std::sync::Arc;

use bytes::Bytes;
use hadoop_proto::common::rpc_sasl_proto::SaslAuth;

use super::{Qop, SaslError};

/// The one way to authenticate a server advertises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Hadoop's name, `KERBEROS`.
    pub method: String,
    /// SASL's name, `GSSAPI`.
    pub mechanism: String,
    /// First component of the server's principal, such as `jn`.
    pub protocol: String,
    /// Host component of the server's principal.
    pub server_id: String,
}

/// Starts negotiations; one for the whole server.
pub trait MechanismFactory: Send + Sync {
    /// What the server advertises.
    fn offer(&self) -> &Offer;
    /// Begins a negotiation with one client.
    fn start(&self) -> Result<Box<dyn Mechanism>, SaslError>;
}

/// One client's negotiation, from its first token to its name.
pub trait Mechanism: Send {
    /// Takes the client's token and says what to answer.
    fn step(&mut self, token: &[u8]) -> Result<Step, SaslError>;
}

/// What a token led to.
pub enum Step {
    /// Not there yet: the client must answer this token.
    Challenge(Bytes),
    /// The client is who it says.
    Complete(Established),
}

/// The outcome of a negotiation.
pub struct Established {
    /// Full principal of the client.
    pub user: String,
    /// A last token for the client; Kerberos has none.
    pub token: Option<Bytes>,
    /// What protects the packets from now on.
    pub qop: Qop,
    /// Wraps and unwraps packets. Used unless `qop` is [`Qop::Auth`].
    pub wrapper: Arc<dyn Wrapper>,
}

/// Signs or encrypts the packets of one connection. Sequence numbers may depend on the order
/// of calls: the caller keeps `wrap` and the write that follows it together.
pub trait Wrapper: Send + Sync {
    /// Protects bytes the server sends.
    fn wrap(&self, plain: &[u8]) -> Result<Bytes, SaslError>;
    /// Checks and recovers bytes the client sent.
    fn unwrap(&self, token: &[u8]) -> Result<Bytes, SaslError>;
}

impl Offer {
    /// The advertisement on the wire. A client echoes it field by field.
    pub fn to_proto(&self) -> SaslAuth {
        SaslAuth {
            method: self.method.clone(),
            mechanism: self.mechanism.clone(),
            protocol: Some(self.protocol.clone()),
            server_id: Some(self.server_id.clone()),
            challenge: None,
        }
    }
}
