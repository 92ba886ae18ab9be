use hadoop_ipc::call::class_name;
use hadoop_ipc::server::{CallError, RpcException};

use crate::engine::{Failure, Refusal};
use crate::node::NodeError;
use crate::types::JournalId;

/// The exception of a journal that could not be had.
pub(super) fn of_node(error: NodeError) -> CallError {
    let class = match &error {
        NodeError::BadId(_) => class_name::ILLEGAL_ARGUMENT,
        NodeError::Directory(crate::node::DirectoryError::NotAbsolute(_)) => {
            class_name::ILLEGAL_ARGUMENT
        }
        NodeError::Directory(_) | NodeError::TooMany | NodeError::Left => class_name::IO,
        NodeError::Journal(failure) => failure.java_class(),
    };
    RpcException::new(class, error.to_string()).into()
}

/// The exception of a journal that refused or failed. Java's texts end with its name.
pub(super) fn of_journal(id: &JournalId, failure: &Failure) -> CallError {
    let message = match failure {
        // Java throws this one without a message.
        Failure::Refused(Refusal::DiscardInsideSegment) => failure.to_string(),
        _ => format!("{failure} ; journal id: {id}"),
    };
    RpcException::new(failure.java_class(), message).into()
}

/// An argument that Java refuses before it looks at the journal.
pub(super) fn malformed_url(url: &str, reason: impl std::fmt::Display) -> CallError {
    RpcException::new("java.net.MalformedURLException", format!("{reason}: {url}")).into()
}
