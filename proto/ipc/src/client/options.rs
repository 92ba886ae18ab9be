use std::{fmt, time::Duration};

/// Where a server is. The name is resolved at every connect.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

/// Whom to be, what to speak, and every limit of a client.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// `declaringClassProtocolName` of every call, and protocol of the connection.
    pub protocol: String,
    /// `clientProtocolVersion` of every call.
    pub version: u64,
    /// The user to claim; `None` for anonymous.
    pub user: Option<String>,
    /// Longest wait for a connection (`ipc.client.connect.timeout`).
    pub connect_timeout: Duration,
    /// Longest a call may take, connecting and queueing included (`ipc.client.rpc-timeout.ms`).
    pub call_timeout: Duration,
    /// Silence after which a waiting client sends a ping (`ipc.ping.interval`).
    pub ping_interval: Duration,
    /// A connection without calls for this long is closed
    /// (`ipc.client.connection.maxidletime`).
    pub max_idle: Duration,
    /// Calls waiting for their reply at a time; more wait their turn.
    pub max_calls_in_flight: usize,
    /// Longest reply, in bytes (`ipc.maximum.response.length`).
    pub max_response_length_bytes: usize,
}

impl ClientOptions {
    /// Hadoop's limits for a user of a protocol.
    pub fn new(protocol: impl Into<String>, version: u64, user: Option<String>) -> Self {
        Self {
            protocol: protocol.into(),
            version,
            user,
            connect_timeout: Duration::from_secs(20),
            call_timeout: Duration::from_secs(120),
            ping_interval: Duration::from_secs(60),
            max_idle: Duration::from_secs(10),
            max_calls_in_flight: 64,
            max_response_length_bytes: 128 * 1024 * 1024,
        }
    }
}

impl Target {
    /// A host and a port.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self { host: host.into(), port }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.host, self.port)
    }
}
