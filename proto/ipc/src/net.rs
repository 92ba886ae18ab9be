//! The one place that names a socket type: tokio's here, a simulator's in tests.

mod pass;

use std::{io, net::SocketAddr};

pub use pass::{adopt, adopt_listener, duplicate, leave};
pub use tokio::net::{
    TcpListener, TcpStream,
    tcp::{OwnedReadHalf, OwnedWriteHalf},
};
use tokio::net::{TcpSocket, lookup_host};

/// Opens a listening socket with room for `backlog` connections not yet accepted.
pub fn listen(address: SocketAddr, backlog: u32, reuse_address: bool) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(reuse_address)?;
    socket.bind(address)?;
    socket.listen(backlog)
}

/// Connects to the first address of `host` that answers. The name is resolved anew each time:
/// a peer that moved is found again. A name without an address is an error of kind `NotFound`.
pub async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(&*resolve(host, port).await?).await?;
    prepare(&stream)?;
    Ok(stream)
}

async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let unresolved = |why: &dyn std::fmt::Display| {
        io::Error::new(io::ErrorKind::NotFound, format!("{host} has no address: {why}"))
    };
    let found = lookup_host((host, port)).await.map_err(|error| unresolved(&error))?;
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() { Err(unresolved(&"the name is known")) } else { Ok(found) }
}

/// What Hadoop sets on every RPC socket: small packets leave at once, dead peers are noticed.
pub fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    rustix::net::sockopt::set_socket_keepalive(stream, true)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_without_an_address_is_not_found() {
        let error = connect("no-such-host.invalid", 1).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().starts_with("no-such-host.invalid has no address"), "{error}");
    }

    #[tokio::test]
    async fn sockets_send_at_once_and_notice_dead_peers() {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0)), 1, true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (accepted, stream) = tokio::join!(listener.accept(), connect("127.0.0.1", port));
        drop(accepted);
        let stream = stream.unwrap();
        assert!(stream.nodelay().unwrap());
        assert!(rustix::net::sockopt::socket_keepalive(&stream).unwrap());
    }
}
