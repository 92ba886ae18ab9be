//! The server and the client as seen from outside: replies byte for byte, real sockets, real
//! clocks only where a limit is about time.

#![allow(unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod authorization;
mod calls;
mod client;
mod golden;
mod halting;
mod kerberos;
mod limits;
mod machine;
mod refusals;
mod server;
mod shutdown;
mod stub;
mod turns;
mod wire;
