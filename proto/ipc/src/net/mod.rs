//! The one place that names a socket type: tokio's, or with the feature `simulation` one that
//! is turmoil's inside of a simulation and tokio's outside.

#[cfg_attr(feature = "simulation", allow(unreachable_pub, reason = "inside of others then"))]
mod pass;
#[cfg_attr(feature = "simulation", allow(unreachable_pub, reason = "inside of others then"))]
mod real;
#[cfg(feature = "simulation")]
mod simulated;

use std::{io, net::SocketAddr};

pub use pass::Passed;
#[cfg(not(feature = "simulation"))]
pub use pass::{adopt, adopt_listener, leave};
#[cfg(not(feature = "simulation"))]
pub use real::{OwnedReadHalf, OwnedWriteHalf, TcpListener, TcpStream, listen, prepare};
#[cfg(feature = "simulation")]
pub use simulated::{
    OwnedReadHalf, OwnedWriteHalf, TcpListener, TcpStream, adopt, adopt_listener, leave, listen,
    prepare,
};
use tokio::net::lookup_host;

/// Connects to the first address of `host` that answers. The name is resolved anew each time:
/// a peer that moved is found again. A name without an address is an error of kind `NotFound`.
pub async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(&*resolve(host, port).await?).await?;
    prepare(&stream)?;
    Ok(stream)
}

async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let unresolved = |why: &dyn std::fmt::Display| {
        io::Error::new(io::ErrorKind::NotFound, format!("{host} has no address: {why}"))
    };
    let found = lookup_host((host, port)).await.map_err(|error| unresolved(&error))?;
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() { Err(unresolved(&"the name is known")) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_without_an_address_is_not_found() {
        let error = connect("no-such-host.invalid", 1).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().starts_with("no-such-host.invalid has no address"), "{error}");
    }
}
