//! Sockets that go from one process to another one.

use std::{
    io,
    net::SocketAddr,
    os::fd::{AsFd, OwnedFd},
};

use super::real::{OwnedReadHalf, OwnedWriteHalf, TcpListener, TcpStream};

/// A socket that another process can have too.
pub trait Passed {
    /// A second descriptor of it, for the other process.
    fn duplicate(&self) -> io::Result<OwnedFd>;
}

impl Passed for TcpListener {
    fn duplicate(&self) -> io::Result<OwnedFd> {
        self.as_fd().try_clone_to_owned()
    }
}

impl Passed for OwnedReadHalf {
    fn duplicate(&self) -> io::Result<OwnedFd> {
        self.as_ref().as_fd().try_clone_to_owned()
    }
}

/// A listening socket that another process opened.
pub fn adopt_listener(listener: std::net::TcpListener) -> io::Result<TcpListener> {
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
