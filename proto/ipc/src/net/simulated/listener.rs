use std::{fmt, io, net::SocketAddr};

use futures_util::FutureExt;
use turmoil::net as simulated;

use super::{Either, TcpStream};
use crate::net::real;

/// A listening socket, of tokio or of the simulation that it was made in.
pub struct TcpListener(pub(super) Either<real::TcpListener, simulated::TcpListener>);

/// Opens a listening socket with room for `backlog` connections not yet accepted. A simulated
/// one has room for as many as its network says.
pub fn listen(address: SocketAddr, backlog: u32, reuse_address: bool) -> io::Result<TcpListener> {
    if !turmoil::in_simulation() {
        return Ok(TcpListener(Either::Real(real::listen(address, backlog, reuse_address)?)));
    }
    // It waits for nothing.
    let bound = simulated::TcpListener::bind(address).now_or_never();
    let bound = bound.unwrap_or_else(|| Err(io::ErrorKind::WouldBlock.into()));
    Ok(TcpListener(Either::Simulated(bound?)))
}

impl TcpListener {
    /// The next connection, and where it comes from.
    pub async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        match &self.0 {
            Either::Real(listener) => {
                let (stream, peer) = listener.accept().await?;
                Ok((TcpStream(Either::Real(stream)), peer))
            }
            Either::Simulated(listener) => {
                let (stream, peer) = listener.accept().await?;
                Ok((TcpStream(Either::Simulated(stream)), peer))
            }
        }
    }

    /// The address bound.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        match &self.0 {
            Either::Real(listener) => listener.local_addr(),
            Either::Simulated(listener) => listener.local_addr(),
        }
    }
}

impl fmt::Debug for TcpListener {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("TcpListener").field(&self.local_addr()).finish()
    }
}
