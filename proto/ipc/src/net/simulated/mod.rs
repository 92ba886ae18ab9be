//! Sockets that belong to a simulated network if there is one where they are made.

mod listener;
mod pass;
mod split;
mod stream;

pub use listener::{TcpListener, listen};
pub use pass::{adopt, adopt_listener, leave};
pub use split::{OwnedReadHalf, OwnedWriteHalf};
pub use stream::{TcpStream, prepare};

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A socket of either network.
#[derive(Debug)]
enum Either<Real, Simulated> {
    Real(Real),
    Simulated(Simulated),
}

impl<R: AsyncRead + Unpin, S: AsyncRead + Unpin> AsyncRead for Either<R, S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Real(side) => Pin::new(side).poll_read(cx, buffer),
            Self::Simulated(side) => Pin::new(side).poll_read(cx, buffer),
        }
    }
}

impl<R: AsyncWrite + Unpin, S: AsyncWrite + Unpin> AsyncWrite for Either<R, S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Real(side) => Pin::new(side).poll_write(cx, bytes),
            Self::Simulated(side) => Pin::new(side).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Real(side) => Pin::new(side).poll_write_vectored(cx, slices),
            Self::Simulated(side) => Pin::new(side).poll_write_vectored(cx, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Real(side) => side.is_write_vectored(),
            Self::Simulated(side) => side.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Real(side) => Pin::new(side).poll_flush(cx),
            Self::Simulated(side) => Pin::new(side).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Real(side) => Pin::new(side).poll_shutdown(cx),
            Self::Simulated(side) => Pin::new(side).poll_shutdown(cx),
        }
    }
}
