use std::fmt;

/// The number that pairs a reply with its request. Negative ones are not calls.
/// Source: `RpcConstants`, `Server.AuthProtocol`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub i32);

impl CallId {
    /// Replies that answer no packet in particular, such as a refused preamble.
    pub const CONNECTION: Self = Self(-1);
    /// The connection context.
    pub const CONTEXT: Self = Self(-3);
    /// A ping: a packet that wants no reply.
    pub const PING: Self = Self(-4);
    /// SASL messages, wrapped packets among them.
    pub const SASL: Self = Self(-33);
}

impl fmt::Display for CallId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}
