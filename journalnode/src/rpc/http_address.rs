use std::net::SocketAddr;

/// Where this node serves segments, told to every peer that asks. Peers take scheme and port
/// from it, and the host from their own configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAddress {
    /// The bound port.
    pub port: u16,
    /// `http://host:port`, with the host as it was bound: `0.0.0.0` is usual.
    pub url: String,
}

impl HttpAddress {
    /// The address of a server that was bound.
    pub fn http(bound: SocketAddr) -> Self {
        Self { port: bound.port(), url: format!("http://{bound}") }
    }
}
