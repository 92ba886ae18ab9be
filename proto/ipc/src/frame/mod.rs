//! Bytes to packets and back: the connection preamble, length-prefixed frames, and the
//! delimited messages inside a frame. Pure: no sockets, no clock.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod decoder;
mod delimited;
mod preamble;
mod version_refusal;

pub use decoder::{FIRST_RESERVE_BYTES, FrameDecoder, FrameError, INBOX_BYTES};
pub use delimited::{delimited_len, put_delimited, split_delimited};
pub use preamble::{AuthProtocol, PREAMBLE_BYTES, Preamble};
pub use version_refusal::{http_refusal, old_version_refusal};

/// The RPC version this crate speaks.
pub const RPC_VERSION: u8 = 9;
