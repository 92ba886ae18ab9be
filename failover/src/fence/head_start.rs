use std::time::Duration;

use super::ssh::Login;

/// What [`Fencer::begin`](super::Fencer::begin) has done of the first method: all that comes
/// before it does something to the target. Dropping it undoes it.
#[derive(Debug, Default)]
pub struct HeadStart {
    pub(super) login: Option<Login>,
    pub(super) took: Duration,
}
