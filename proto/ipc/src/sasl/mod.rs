//! SASL as Hadoop RPC speaks it, server side, as a pure machine: tokens in, tokens out.
//! The cryptography sits behind [`Mechanism`] (or, for Kerberos, behind [`GssContext`]).

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod error;
mod gssapi;
mod mechanism;
mod qop;
mod security_layer;
mod server;
mod unwrapper;

pub use error::SaslError;
pub use gssapi::{GssContext, GssMechanism, GssStep};
pub use mechanism::{Established, Mechanism, MechanismFactory, Offer, Step, Wrapper};
pub use qop::{Qop, QopMask, UnknownProtection};
pub use security_layer::{SecurityLayerChoice, security_layer_offer};
pub use server::{SaslReply, SaslServer};
pub use unwrapper::Unwrapper;
