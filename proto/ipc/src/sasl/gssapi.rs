use std::sync::Arc;

use bytes::Bytes;

use super::{
    Established, Mechanism, QopMask, SaslError, SecurityLayerChoice, Step, Wrapper,
    security_layer_offer,
};

/// A Kerberos library's acceptor context: the cryptography, without the negotiation around it.
pub trait GssContext: Send + Sync {
    /// Takes one token of the client, the AP-REQ first.
    fn accept(&self, token: &[u8]) -> Result<GssStep, SaslError>;
    /// Full principal of the client; asked once the context is complete.
    fn peer(&self) -> Result<String, SaslError>;
    /// Protects bytes: signed, and encrypted too if `confidential`.
    fn wrap(&self, plain: &[u8], confidential: bool) -> Result<Bytes, SaslError>;
    /// Checks and recovers bytes.
    fn unwrap(&self, token: &[u8]) -> Result<Bytes, SaslError>;
}

/// What a token did to the context.
pub struct GssStep {
    /// The token for the client, such as the AP-REP.
    pub token: Option<Bytes>,
    /// No more tokens are needed.
    pub complete: bool,
}

/// The server side of RFC 4752: the context, then the choice of a security layer.
pub struct GssMechanism {
    context: Arc<dyn GssContext>,
    offered: QopMask,
    stage: Stage,
}

enum Stage {
    Accepting,
    /// The context is complete and its last token went out.
    AwaitingEmpty,
    AwaitingChoice,
    Done,
}

impl GssMechanism {
    /// A negotiation offering `offered` over a fresh context.
    pub fn new(context: Arc<dyn GssContext>, offered: QopMask) -> Self {
        Self { context, offered, stage: Stage::Accepting }
    }

    fn accept(&mut self, token: &[u8]) -> Result<Step, SaslError> {
        let GssStep { token, complete } = self.context.accept(token)?;
        match (token, complete) {
            (Some(token), true) => {
                self.stage = Stage::AwaitingEmpty;
                Ok(Step::Challenge(token))
            }
            (None, true) => self.offer(),
            (token, false) => Ok(Step::Challenge(token.unwrap_or_default())),
        }
    }

    fn offer(&mut self) -> Result<Step, SaslError> {
        self.stage = Stage::AwaitingChoice;
        let offer = security_layer_offer(self.offered);
        self.context.wrap(&offer, false).map(Step::Challenge)
    }

    fn choose(&mut self, token: &[u8]) -> Result<Step, SaslError> {
        let answer = self.context.unwrap(token)?;
        let choice = SecurityLayerChoice::parse(&answer, self.offered)?;
        let user = self.context.peer()?;
        choice.check_authorization_id(&user)?;
        self.stage = Stage::Done;
        let confidential = choice.qop == super::Qop::AuthConf;
        let wrapper = Arc::new(GssWrapper { context: self.context.clone(), confidential });
        Ok(Step::Complete(Established { user, token: None, qop: choice.qop, wrapper }))
    }
}

impl Mechanism for GssMechanism {
    fn step(&mut self, token: &[u8]) -> Result<Step, SaslError> {
        match self.stage {
            Stage::Accepting => self.accept(token),
            Stage::AwaitingEmpty if token.is_empty() => self.offer(),
            Stage::AwaitingEmpty => Err(SaslError::sasl("the client sent a token out of turn")),
            Stage::AwaitingChoice => self.choose(token),
            Stage::Done => Err(SaslError::sasl("GSSAPI authentication already complete")),
        }
    }
}

struct GssWrapper {
    context: Arc<dyn GssContext>,
    confidential: bool,
}

impl Wrapper for GssWrapper {
    fn wrap(&self, plain: &[u8]) -> Result<Bytes, SaslError> {
        self.context.wrap(plain, self.confidential)
    }

    fn unwrap(&self, token: &[u8]) -> Result<Bytes, SaslError> {
        self.context.unwrap(token)
    }
}
