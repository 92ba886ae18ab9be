//! Sockets that go from one process to another one.

use std::{
    io,
    net::SocketAddr,
    os::fd::{AsFd, OwnedFd},
};

use super::{OwnedWriteHalf, TcpListener, TcpStream};

/// A second descriptor of a socket, for another process.
pub fn duplicate(socket: &impl AsFd) -> io::Result<OwnedFd> {
    socket.as_fd().try_clone_to_owned()
}

/// A listening socket that another process opened.
pub fn adopt_listener(socket: OwnedFd) -> io::Result<TcpListener> {
    let listener = std::net::TcpListener::from(socket);
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

/// A connection that another process accepted, and who is at its other end. Fails if the other
/// end is gone.
pub fn adopt(socket: OwnedFd) -> io::Result<(TcpStream, SocketAddr)> {
    let stream = std::net::TcpStream::from(socket);
    stream.set_nonblocking(true)?;
    let stream = TcpStream::from_std(stream)?;
    let peer = stream.peer_addr()?;
    Ok((stream, peer))
}

/// Drops a connection that another process has too. Dropped as usual it would shut the socket
/// down for both.
pub fn leave(half: OwnedWriteHalf) {
    half.forget();
}
