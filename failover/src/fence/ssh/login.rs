use super::connection::Connection;

/// What came of logging in on the target: the way to run commands there and the port to free, or
/// why there is none. Dropping it ends the connection.
#[derive(Debug)]
pub(in crate::fence) struct Login(pub(super) Result<(Connection, u16), String>);
