//! The client: one connection to one server, any number of calls on it at a time.
//!
//! [`Client`] opens the connection when there is a call, closes it when there was none for a
//! while, and opens another after a failure. It never repeats a call: whether that is safe is
//! for the caller to know.

mod caller;
mod closed;
mod error;
mod link;
mod link_io;
mod options;
mod pending;
mod reply;
mod request;

pub use caller::{Client, Disconnected};
pub use closed::{Closed, HowClosed};
pub use error::{ClientError, RemoteException};
pub use options::{ClientOptions, Target};
