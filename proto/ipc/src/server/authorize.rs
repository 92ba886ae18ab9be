use std::net::IpAddr;

/// Decides once per connection, when its context arrives. May block: the server calls it off
/// its event loop.
pub trait Authorize: Send + Sync {
    /// May this user, from this host, speak the protocol named in its connection context? The
    /// error is the message of the `AuthorizationException` the client reads.
    fn authorize(
        &self,
        user: Option<&str>,
        protocol: Option<&str>,
        peer: IpAddr,
    ) -> Result<(), String>;
}
