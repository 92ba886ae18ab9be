use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;

use tracing::info;

/// Where the configuration has this node serve.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Addresses {
    pub(crate) rpc: SocketAddr,
    pub(crate) http: SocketAddr,
    /// If the service is served.
    pub(crate) inspect: Option<SocketAddr>,
}

/// What a socket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Rpc,
    Http,
    Inspect,
}

/// The listening sockets that a process takes over; none if it is the first one.
#[derive(Debug, Default)]
pub(crate) struct Sockets(Vec<(Door, SocketAddr, OwnedFd)>);

impl Addresses {
    /// In the order in which the sockets travel.
    fn doors(&self) -> impl Iterator<Item = (Door, SocketAddr)> {
        let always = [(Door::Rpc, self.rpc), (Door::Http, self.http)];
        always.into_iter().chain(self.inspect.map(|address| (Door::Inspect, address)))
    }
}

impl Sockets {
    pub(super) fn new(addresses: &Addresses, sockets: Vec<OwnedFd>) -> Self {
        let named = addresses.doors().zip(sockets);
        Self(named.map(|((door, address), socket)| (door, address, socket)).collect())
    }

    /// The socket for this address of the configuration. If the configuration has changed there
    /// is none: then a new one is opened.
    pub(crate) fn take(&mut self, door: Door, address: SocketAddr) -> Option<TcpListener> {
        let place = self.0.iter().position(|(of, asked, _)| (*of, *asked) == (door, address));
        let Some(place) = place else {
            if !self.0.is_empty() {
                info!("{address} is new: the process before did not listen there");
            }
            return None;
        };
        let (_, _, socket) = self.0.swap_remove(place);
        Some(TcpListener::from(socket))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_for_the_address_that_was_asked_for_and_for_one_thing() {
        let open = || std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let sockets = [open(), open()];
        let [rpc, http] = sockets.each_ref().map(|socket| socket.local_addr().unwrap());
        let asked: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let addresses = Addresses { rpc: asked, http: asked, inspect: None };
        let mut sockets = Sockets::new(&addresses, sockets.map(OwnedFd::from).into());
        assert!(sockets.take(Door::Http, "127.0.0.1:1".parse().unwrap()).is_none());
        assert_eq!(sockets.take(Door::Http, asked).unwrap().local_addr().unwrap(), http);
        assert_eq!(sockets.take(Door::Rpc, asked).unwrap().local_addr().unwrap(), rpc);
        assert!(sockets.take(Door::Inspect, asked).is_none());
    }
}
