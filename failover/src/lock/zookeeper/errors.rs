use zookeeper_client::Error;

use crate::lock::LockError;

/// What an error of a request says. Whatever leaves open whether the request was carried out is
/// `ConnectionLoss`; so is the crate's `SessionExpired`, which may be its own opinion: the
/// supervisor alone tells of the ensemble's.
pub(super) fn of_request(error: Error) -> LockError {
    match error {
        Error::NodeExists => LockError::NodeExists,
        Error::NoNode => LockError::NoNode,
        Error::BadVersion => LockError::BadVersion,
        Error::NoAuth => LockError::NoAuth,
        Error::AuthFailed => LockError::AuthFailed,
        Error::ConnectionLoss
        | Error::Timeout
        | Error::NoHosts
        | Error::SessionExpired
        | Error::SessionMoved
        | Error::ClientClosed
        | Error::Throttled
        | Error::UnexpectedError(_)
        | Error::Custom(_) => LockError::ConnectionLoss,
        other => LockError::Other(other.to_string()),
    }
}

/// What an error of a connection attempt says.
pub(super) fn of_connect(error: Error) -> LockError {
    match error {
        Error::SessionExpired => LockError::SessionExpired,
        Error::BadArguments(problem) => LockError::Other(problem.to_string()),
        other => of_request(other),
    }
}

/// Whether the crate's side of the session has ended without saying so in its state, as after
/// a panic in there.
pub(super) fn means_broken(error: &Error) -> bool {
    matches!(error, Error::UnexpectedError(_) | Error::ClientClosed | Error::RuntimeInconsistent)
}
