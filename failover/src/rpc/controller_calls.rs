use std::fmt;
use std::net::IpAddr;

use futures_util::future::BoxFuture;

use super::CallFailure;

/// What a controller does for others. Both calls wait until they are done; a caller that hangs
/// up does not stop them.
pub trait ControllerCalls: Send + Sync + 'static {
    /// Gives up being active and stays out of the election for so many milliseconds; 0 and less
    /// end that time.
    fn cede_active(
        &self,
        millis: i32,
        requester: Requester,
    ) -> BoxFuture<'_, Result<(), CallFailure>>;

    /// Makes this controller's NameNode the active one.
    fn graceful_failover(&self, requester: Requester) -> BoxFuture<'_, Result<(), CallFailure>>;
}

/// Who asks, and from where. Displays as in Java's log lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requester {
    /// As claimed or proved; `None` for anonymous.
    pub user: Option<String>,
    /// How it was authenticated: `SIMPLE` or `KERBEROS`.
    pub authentication: &'static str,
    /// Where the connection comes from.
    pub address: IpAddr,
}

impl fmt::Display for Requester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.user.as_deref().unwrap_or("null");
        write!(f, "{user} (auth:{}) at {}", self.authentication, self.address)
    }
}
