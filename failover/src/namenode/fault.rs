use std::fmt;
use std::io::ErrorKind;

use hadoop_ipc::call::class_name;
use hadoop_ipc::client::{ClientError, HowClosed, RemoteException, Target};
use thiserror::Error;

/// Why a call of a NameNode or of another controller failed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{target}: {message}")]
pub struct Fault {
    /// Whom it was for.
    pub target: String,
    /// What kind of failure.
    pub kind: FaultKind,
    /// In one line: a Java exception's class and the first line of its message, or what the
    /// system said.
    pub message: String,
}

/// What kind of failure. Answers of the other side come first, then what happened on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// It answers that it is not well (`HealthCheckFailedException`).
    HealthCheckFailed,
    /// It could not do what it was told (`ServiceFailedException`).
    ServiceFailed,
    /// It does not take this from this user, or not in its state (`AccessControlException`,
    /// `AuthorizationException`).
    AccessDenied,
    /// It is still starting (`RetriableException`).
    NotStartedYet,
    /// It does not do this while it is standby (`StandbyException`).
    Standby,
    /// It answers with another exception.
    Remote,
    /// Nobody listens at its address.
    Refused,
    /// Its address does not answer a connect.
    ConnectTimedOut,
    /// Its name has no address.
    Unresolved,
    /// There is no way to its address.
    Unreachable,
    /// It took the call, or at least the connection, and did not answer in time.
    TimedOut,
    /// The connection broke while the call was on it.
    Broken(HowClosed),
    /// What it answered makes no sense.
    Malformed,
}

impl Fault {
    pub(crate) fn new(target: &Target, error: ClientError) -> Self {
        let (kind, message) = match error {
            ClientError::Remote(remote) => (of_class(&remote.exception.class), first_line(&remote)),
            ClientError::Connect { source, .. } => {
                (of_connect(source.kind()), format!("cannot connect: {source}"))
            }
            ClientError::Timeout { after, .. } => {
                (FaultKind::TimedOut, format!("no answer within {after:?}"))
            }
            ClientError::Closed(closed) => {
                (FaultKind::Broken(closed.how), format!("the connection broke: {closed}"))
            }
            ClientError::Frame(_) | ClientError::Malformed(_) => {
                (FaultKind::Malformed, error.to_string())
            }
        };
        Self { target: target.to_string(), kind, message }
    }

    /// The other side may have done what it was asked.
    pub fn may_have_happened(&self) -> bool {
        use FaultKind::*;
        !matches!(
            self.kind,
            AccessDenied | NotStartedYet | Refused | ConnectTimedOut | Unresolved | Unreachable
        )
    }

    /// Java's connect is tried again after these.
    pub(super) fn is_worth_another_connect(&self) -> bool {
        matches!(self.kind, FaultKind::Refused | FaultKind::Unreachable)
    }
}

fn of_class(class: &str) -> FaultKind {
    match class {
        class_name::HEALTH_CHECK_FAILED => FaultKind::HealthCheckFailed,
        class_name::SERVICE_FAILED => FaultKind::ServiceFailed,
        class_name::ACCESS_CONTROL | class_name::AUTHORIZATION => FaultKind::AccessDenied,
        class_name::RETRIABLE => FaultKind::NotStartedYet,
        class_name::STANDBY => FaultKind::Standby,
        _ => FaultKind::Remote,
    }
}

fn of_connect(kind: ErrorKind) -> FaultKind {
    match kind {
        ErrorKind::ConnectionRefused => FaultKind::Refused,
        ErrorKind::TimedOut => FaultKind::ConnectTimedOut,
        ErrorKind::NotFound => FaultKind::Unresolved,
        _ => FaultKind::Unreachable,
    }
}

/// The rest of a Java message is a stack trace, or advice to Java programmers.
fn first_line(remote: &RemoteException) -> String {
    let exception = &remote.exception;
    let line = exception.message.lines().next().unwrap_or_default();
    format!("{}: {line}", exception.simple_name())
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HealthCheckFailed => "not well",
            Self::ServiceFailed => "could not do it",
            Self::AccessDenied => "access denied",
            Self::NotStartedYet => "not started yet",
            Self::Standby => "standby",
            Self::Remote => "exception",
            Self::Refused => "connection refused",
            Self::ConnectTimedOut => "connect timed out",
            Self::Unresolved => "name without address",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed out",
            Self::Broken(_) => "connection broken",
            Self::Malformed => "malformed answer",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;
    use std::time::Duration;

    use hadoop_ipc::call::RpcException;
    use hadoop_ipc::client::Closed;

    use super::*;

    fn fault(error: ClientError) -> Fault {
        Fault::new(&Target::new("nn1", 8020), error)
    }

    fn thrown(class: &'static str, message: &str) -> Fault {
        let exception = RpcException::new(class, message);
        fault(ClientError::Remote(RemoteException { exception, code: None, fatal: false }))
    }

    #[test]
    fn fc_083_javas_classes_are_told_apart() {
        let cases = [
            (class_name::HEALTH_CHECK_FAILED, FaultKind::HealthCheckFailed),
            (class_name::SERVICE_FAILED, FaultKind::ServiceFailed),
            (class_name::ACCESS_CONTROL, FaultKind::AccessDenied),
            (class_name::AUTHORIZATION, FaultKind::AccessDenied),
            (class_name::RETRIABLE, FaultKind::NotStartedYet),
            (class_name::STANDBY, FaultKind::Standby),
            (class_name::IO, FaultKind::Remote),
        ];
        for (class, kind) in cases {
            assert_eq!(thrown(class, "").kind, kind, "{class}");
        }
    }

    #[test]
    fn the_message_is_the_class_and_one_line() {
        let fault = thrown(class_name::SERVICE_FAILED, "no quorum\nmore\n\tat x.Y");
        assert_eq!(fault.to_string(), "nn1:8020: ServiceFailedException: no quorum");
    }

    #[test]
    fn only_what_was_never_taken_up_is_known_not_to_have_happened() {
        let connect = |kind: ErrorKind| {
            let source = Arc::new(io::Error::from(kind));
            fault(ClientError::Connect { target: Target::new("nn1", 8020), source })
        };
        let cases = [
            (ErrorKind::ConnectionRefused, FaultKind::Refused),
            (ErrorKind::TimedOut, FaultKind::ConnectTimedOut),
            (ErrorKind::NotFound, FaultKind::Unresolved),
            (ErrorKind::HostUnreachable, FaultKind::Unreachable),
        ];
        for (kind, expected) in cases {
            let fault = connect(kind);
            assert_eq!(fault.kind, expected);
            assert!(!fault.may_have_happened());
        }
        let target = Target::new("nn1", 8020);
        let after = Duration::from_secs(5);
        assert!(fault(ClientError::Timeout { target, after }).may_have_happened());
        let reset = Closed::from(io::Error::from(ErrorKind::ConnectionReset));
        let reset = fault(ClientError::Closed(reset));
        assert_eq!(reset.kind, FaultKind::Broken(HowClosed::Reset));
        assert!(reset.may_have_happened());
    }
}
