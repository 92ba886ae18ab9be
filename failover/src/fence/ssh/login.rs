use super::connection::Connection;
use super::probe::Probe;

/// What came of logging in on the target: the way to run commands there and where to look, or why
/// there is none. Dropping it ends the connection.
#[derive(Debug)]
pub(in crate::fence) struct Login(pub(super) Result<(Connection, Probe), String>);
