use std::net::SocketAddr;
use std::os::fd::OwnedFd;

use hadoop_ipc::net::{TcpListener, adopt_listener};
use tracing::{info, warn};

/// Where the configuration has this node serve.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Addresses {
    pub(crate) rpc: SocketAddr,
    pub(crate) http: SocketAddr,
    /// If the service is served.
    pub(crate) inspect: Option<SocketAddr>,
}

/// The listening sockets that a process takes over; none if it is the first one.
#[derive(Debug, Default)]
pub(crate) struct Sockets(Vec<(SocketAddr, OwnedFd)>);

impl Sockets {
    pub(super) fn new(sockets: impl IntoIterator<Item = (SocketAddr, OwnedFd)>) -> Self {
        Self(sockets.into_iter().collect())
    }

    /// The socket for this address of the configuration. If the configuration has changed there
    /// is none: then a new one is opened.
    pub(crate) fn take(&mut self, address: SocketAddr) -> Option<TcpListener> {
        let place = self.0.iter().position(|(asked, _)| *asked == address);
        let Some(place) = place else {
            if !self.0.is_empty() {
                info!("{address} is new: the process before did not listen there");
            }
            return None;
        };
        let (_, socket) = self.0.swap_remove(place);
        adopt_listener(socket)
            .inspect_err(|error| warn!("the socket on {address} cannot be taken over: {error}"))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_socket_is_for_the_address_that_was_asked_for() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let (bound, asked) = (socket.local_addr().unwrap(), "127.0.0.1:0".parse().unwrap());
        let mut sockets = Sockets::new([(asked, socket.into())]);
        assert!(sockets.take("127.0.0.1:1".parse().unwrap()).is_none());
        assert_eq!(sockets.take(asked).unwrap().local_addr().unwrap(), bound);
        assert!(sockets.take(asked).is_none());
    }
}
