use std::error::Error;
use std::io;

use hadoop_ipc::conf::HostPort;
use thiserror::Error;
use tonic::{Code, Status};

use super::InspectError;

/// Words of TLS failures, of either side.
const TLS_WORDS: [&str; 5] = ["alert", "certificate", "TLS", "handshake", "InvalidContentType"];
/// What a caller sees of a node that ends the connection: it wants TLS and got none, it does not
/// take the certificate, or it stops.
const HUNG_UP_WORDS: [&str; 6] = [
    "FRAME_SIZE_ERROR",
    "invalid size",
    "broken pipe",
    "onnection reset",
    "connection closed",
    "channel closed",
];

/// Why a node could not be inspected, with what to do.
#[derive(Debug, Error)]
pub enum InspectClientError {
    /// Nobody listens there.
    #[error(
        "nobody listens at {node}: the JournalNode is not running, its inspection service is off \
         or elsewhere (dfs.journalnode.inspect-address), or it is Java's, which has none"
    )]
    NobodyListens {
        /// Whom was asked.
        node: HostPort,
    },
    /// It cannot be reached, or it went away.
    #[error("cannot reach {node}: {reason}")]
    Unreachable {
        /// Whom was asked.
        node: HostPort,
        /// What happened.
        reason: String,
    },
    /// It hung up.
    #[error(
        "{node} hung up ({reason}): it stopped, or it wants TLS with a certificate that it trusts \
         (dfs.journalnode.inspect.tls.certificate, .key, .client-ca)"
    )]
    HungUp {
        /// Whom was asked.
        node: HostPort,
        /// What happened.
        reason: String,
    },
    /// One of the two sides does not take the other for who it should be.
    #[error(
        "{node} and this tool do not trust each other: {reason}; both need certificates of an \
         authority that the other knows (dfs.journalnode.inspect.tls.certificate, .key, \
         .client-ca)"
    )]
    Tls {
        /// Whom was asked.
        node: HostPort,
        /// What TLS reported.
        reason: String,
    },
    /// The files of this side's identity.
    #[error(transparent)]
    Identity(#[from] InspectError),
    /// It does not know the call.
    #[error("{node} does not know {call}: it is older than this tool")]
    Older {
        /// Whom was asked.
        node: HostPort,
        /// For what.
        call: &'static str,
    },
    /// It answered no.
    #[error("{node}: {reason}")]
    Refused {
        /// Whom was asked.
        node: HostPort,
        /// Its words.
        reason: String,
    },
}

impl InspectClientError {
    pub(super) fn of_connection(node: &HostPort, error: &(dyn Error + 'static)) -> Self {
        let node = node.clone();
        let reason = root_cause(error);
        let is_any = |words: &[&str]| words.iter().any(|word| reason.contains(word));
        if is_refused_connection(error) {
            Self::NobodyListens { node }
        } else if is_any(&HUNG_UP_WORDS) {
            Self::HungUp { node, reason }
        } else if is_any(&TLS_WORDS) {
            Self::Tls { node, reason }
        } else {
            Self::Unreachable { node, reason }
        }
    }

    pub(super) fn of_status(node: &HostPort, call: &'static str, status: &Status) -> Self {
        if let Some(source) = status.source() {
            return Self::of_connection(node, source);
        }
        let node = node.clone();
        match status.code() {
            Code::Unimplemented => Self::Older { node, call },
            Code::Unavailable => Self::Unreachable { node, reason: status.message().to_owned() },
            _ => Self::Refused { node, reason: status.message().to_owned() },
        }
    }
}

/// tonic's own text stops at "transport error".
pub(super) fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

fn is_refused_connection(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
        || error.source().is_some_and(is_refused_connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node() -> HostPort {
        HostPort { host: "jn1".to_owned(), port: 8486 }
    }

    fn of(error: io::Error) -> String {
        InspectClientError::of_connection(&node(), &error).to_string()
    }

    #[test]
    fn each_failure_says_what_to_do() {
        let refused = of(io::ErrorKind::ConnectionRefused.into());
        assert!(refused.contains("jn1:8486") && refused.contains("inspect-address"), "{refused}");
        let alert = of(io::Error::other("received fatal alert: CertificateRequired"));
        assert!(alert.contains("CertificateRequired") && alert.contains("client-ca"), "{alert}");
        assert!(of(io::Error::other("FRAME_SIZE_ERROR")).contains("it wants TLS"));
        assert!(of(io::Error::other("no route")).starts_with("cannot reach jn1:8486: no route"));
    }

    #[test]
    fn a_call_that_is_not_known_is_that_of_an_older_node() {
        let error = |status| InspectClientError::of_status(&node(), "history", &status).to_string();
        assert!(error(Status::unimplemented("")).contains("does not know history: it is older"));
        assert_eq!(error(Status::not_found("no such journal")), "jn1:8486: no such journal");
    }
}
