//! The one place that names a socket type: tokio's here, a simulator's in tests.

use std::{io, net::SocketAddr};

use tokio::net::TcpSocket;
pub use tokio::net::{
    TcpListener, TcpStream,
    tcp::{OwnedReadHalf, OwnedWriteHalf},
};

/// Opens a listening socket with room for `backlog` connections not yet accepted.
pub fn listen(address: SocketAddr, backlog: u32, reuse_address: bool) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(reuse_address)?;
    socket.bind(address)?;
    socket.listen(backlog)
}

/// Connects to the first address of `host` that answers. The name is resolved anew each time:
/// a peer that moved is found again.
pub async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    prepare(&stream)?;
    Ok(stream)
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
