use std::{fmt, io, sync::Arc};

/// Why a connection is no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// How it ended.
    pub how: HowClosed,
    /// The same for people.
    pub reason: Arc<str>,
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HowClosed {
    /// The server's system said that nothing more will come: its process closed the socket, or
    /// is gone. No middlebox says so by itself.
    HungUp,
    /// A reset. The server's process may be gone, or somebody on the way cut the line.
    Reset,
    /// Anything else the system said.
    Broken,
    /// This side closed it.
    Here,
}

impl Closed {
    pub(super) fn here(reason: impl Into<Arc<str>>) -> Self {
        Self { how: HowClosed::Here, reason: reason.into() }
    }

    pub(super) fn hung_up() -> Self {
        Self { how: HowClosed::HungUp, reason: "the server hung up".into() }
    }
}

impl From<io::Error> for Closed {
    fn from(error: io::Error) -> Self {
        // A write after the reset was read is answered with EPIPE.
        let how = match error.kind() {
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => HowClosed::Reset,
            _ => HowClosed::Broken,
        };
        Self { how, reason: error.to_string().into() }
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.reason)
    }
}
