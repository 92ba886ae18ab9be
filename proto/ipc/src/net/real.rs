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
        let address = listener.local_addr().unwrap();
        let (accepted, stream) = tokio::join!(listener.accept(), TcpStream::connect(address));
        drop(accepted);
        let stream = stream.unwrap();
        prepare(&stream).unwrap();
        assert!(stream.nodelay().unwrap());
        assert!(rustix::net::sockopt::socket_keepalive(&stream).unwrap());
    }
}
