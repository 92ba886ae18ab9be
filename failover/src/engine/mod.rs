//! The elector and its companions, without I/O: given an event, decide what to do and why.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]
