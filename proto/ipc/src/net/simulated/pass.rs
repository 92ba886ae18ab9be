//! Only real sockets go from one process to another one: a simulation has one process.

use std::{io, net::SocketAddr, os::fd::OwnedFd};

use super::{Either, OwnedReadHalf, OwnedWriteHalf, TcpListener, TcpStream};
use crate::net::pass::{self, Passed};

impl Passed for TcpListener {
    fn duplicate(&self) -> io::Result<OwnedFd> {
        self.0.duplicate()
    }
}

impl Passed for OwnedReadHalf {
    fn duplicate(&self) -> io::Result<OwnedFd> {
        self.0.duplicate()
    }
}

impl<R: Passed, S> Passed for Either<R, S> {
    fn duplicate(&self) -> io::Result<OwnedFd> {
        match self {
            Self::Real(socket) => socket.duplicate(),
            Self::Simulated(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

/// A listening socket that another process opened.
pub fn adopt_listener(listener: std::net::TcpListener) -> io::Result<TcpListener> {
    Ok(TcpListener(Either::Real(pass::adopt_listener(listener)?)))
}

/// A connection that another process accepted, and who is at its other end. Fails if the other
/// end is gone.
pub fn adopt(socket: OwnedFd) -> io::Result<(TcpStream, SocketAddr)> {
    let (stream, peer) = pass::adopt(socket)?;
    Ok((TcpStream(Either::Real(stream)), peer))
}

/// Drops a connection that another process has too. Dropped as usual it would shut the socket
/// down for both.
pub fn leave(half: OwnedWriteHalf) {
    if let Either::Real(half) = half.0 {
        pass::leave(half);
    }
}
