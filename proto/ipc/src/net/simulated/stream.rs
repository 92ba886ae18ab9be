use std::{
    io::{self, IoSlice},
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{ToSocketAddrs, lookup_host},
};
use turmoil::net as simulated;

use super::{Either, OwnedReadHalf, OwnedWriteHalf};
use crate::net::real;

/// A connection, of tokio or of the simulation that it was made in.
#[derive(Debug)]
pub struct TcpStream(pub(super) Either<real::TcpStream, simulated::TcpStream>);

/// What Hadoop sets on every RPC socket; a simulated one has nothing to set.
pub fn prepare(stream: &TcpStream) -> io::Result<()> {
    match &stream.0 {
        Either::Real(stream) => real::prepare(stream),
        Either::Simulated(_) => Ok(()),
    }
}

impl TcpStream {
    /// Connects to the first of these addresses that answers.
    pub async fn connect(addresses: impl ToSocketAddrs) -> io::Result<Self> {
        if !turmoil::in_simulation() {
            return Ok(Self(Either::Real(real::TcpStream::connect(addresses).await?)));
        }
        let mut failure = io::ErrorKind::InvalidInput.into();
        for address in lookup_host(addresses).await? {
            match simulated::TcpStream::connect(address).await {
                Ok(stream) => return Ok(Self(Either::Simulated(stream))),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// The other end.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        match &self.0 {
            Either::Real(stream) => stream.peer_addr(),
            Either::Simulated(stream) => stream.peer_addr(),
        }
    }

    /// Whether small packets leave at once.
    pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {
        match &self.0 {
            Either::Real(stream) => stream.set_nodelay(nodelay),
            Either::Simulated(stream) => stream.set_nodelay(nodelay),
        }
    }

    /// The two directions, for two tasks.
    pub fn into_split(self) -> (OwnedReadHalf, OwnedWriteHalf) {
        match self.0 {
            Either::Real(stream) => {
                let (reader, writer) = stream.into_split();
                (OwnedReadHalf(Either::Real(reader)), OwnedWriteHalf(Either::Real(writer)))
            }
            Either::Simulated(stream) => {
                let (reader, writer) = stream.into_split();
                let reader = OwnedReadHalf(Either::Simulated(reader));
                (reader, OwnedWriteHalf(Either::Simulated(writer)))
            }
        }
    }
}

impl AsyncRead for TcpStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for TcpStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
