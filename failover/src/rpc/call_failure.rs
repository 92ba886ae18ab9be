use hadoop_ipc::call::{RpcException, class_name};
use hadoop_ipc::client::HowClosed;
use thiserror::Error;

use crate::namenode::{Fault, FaultKind};

/// Why a controller did not do what it was asked. Each is a Java exception; the first line of its
/// text is what users of `hdfs haadmin` read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CallFailure {
    /// It cannot be done now, or it failed.
    #[error("{0}")]
    ServiceFailed(String),
    /// This user may not.
    #[error("{0}")]
    AccessDenied(String),
    /// ZooKeeper, or a peer, failed.
    #[error("{0}")]
    Io(String),
    /// A peer's controller does not listen.
    #[error("{0}")]
    PeerRefused(String),
    /// A peer's controller did not answer in time.
    #[error("{0}")]
    PeerTimedOut(String),
    /// What was found makes no sense: the lock names a NameNode that is not configured.
    #[error("{0}")]
    Unexpected(String),
}

impl CallFailure {
    /// The failure of a call that had to call on.
    pub fn of_peer(fault: &Fault) -> Self {
        let text = fault.to_string();
        match fault.kind {
            FaultKind::ServiceFailed => Self::ServiceFailed(text),
            FaultKind::AccessDenied => Self::AccessDenied(text),
            FaultKind::Refused => Self::PeerRefused(text),
            FaultKind::ConnectTimedOut | FaultKind::TimedOut => Self::PeerTimedOut(text),
            FaultKind::Broken(HowClosed::Here) => Self::PeerTimedOut(text),
            _ => Self::Io(text),
        }
    }

    /// Java's class of it.
    pub fn java_class(&self) -> &'static str {
        match self {
            Self::ServiceFailed(_) => class_name::SERVICE_FAILED,
            Self::AccessDenied(_) => class_name::ACCESS_CONTROL,
            Self::Io(_) => class_name::IO,
            Self::PeerRefused(_) => class_name::CONNECT,
            Self::PeerTimedOut(_) => class_name::SOCKET_TIMEOUT,
            Self::Unexpected(_) => class_name::RUNTIME,
        }
    }
}

impl From<CallFailure> for RpcException {
    fn from(failure: CallFailure) -> Self {
        Self::new(failure.java_class(), failure.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fc_089_failures_have_javas_classes() {
        let fault = |kind| Fault { target: "nn2:8019".to_owned(), kind, message: "why".to_owned() };
        let cases = [
            (FaultKind::Refused, "java.net.ConnectException"),
            (FaultKind::TimedOut, "java.net.SocketTimeoutException"),
            (FaultKind::ConnectTimedOut, "java.net.SocketTimeoutException"),
            (FaultKind::Unresolved, "java.io.IOException"),
            (FaultKind::ServiceFailed, "org.apache.hadoop.ha.ServiceFailedException"),
        ];
        for (kind, class) in cases {
            let failure = CallFailure::of_peer(&fault(kind));
            assert_eq!(failure.java_class(), class);
            assert_eq!(failure.to_string(), "nn2:8019: why");
        }
        let unexpected = CallFailure::Unexpected("?".to_owned());
        assert_eq!(unexpected.java_class(), "java.lang.RuntimeException");
    }
}
