use axum::body::Body;
use axum::http::{Response, StatusCode};

use crate::engine::Failure;
use crate::http::error_page::ErrorPage;
use crate::node::{DirectoryError, NodeError};
use crate::types::TxId;

pub(super) const IO: &str = "java.io.IOException";
pub(super) const ILLEGAL_ARGUMENT: &str = "java.lang.IllegalArgumentException";

/// Why no segment is sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Not for this caller.
    Forbidden(String),
    /// There is none that starts there, or only one in progress.
    NoSegment(TxId),
    /// Anything else: Java answers every exception alike.
    Failed {
        /// Its Java class.
        class: &'static str,
        /// Its text.
        message: String,
    },
}

impl Refusal {
    pub(super) fn failed(class: &'static str, message: impl Into<String>) -> Self {
        Self::Failed { class, message: message.into() }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NoSegment(_) => StatusCode::NOT_FOUND,
            Self::Failed { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(super) fn message(&self) -> String {
        match self {
            Self::Forbidden(reason) => reason.clone(),
            Self::NoSegment(first) => format!("No edit log found starting at txid {first}"),
            Self::Failed { class, message } => format!("getedit failed. {class}: {message}"),
        }
    }

    pub(super) fn response(&self, path: &str) -> Response<Body> {
        let message = self.message();
        ErrorPage { status: self.status(), message: &message, path, servlet: "getJournal" }
            .response()
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::failed(failure.java_class(), failure.to_string())
    }
}

impl From<NodeError> for Refusal {
    fn from(error: NodeError) -> Self {
        let class = match &error {
            NodeError::BadId(_) | NodeError::Directory(DirectoryError::NotAbsolute(_)) => {
                ILLEGAL_ARGUMENT
            }
            NodeError::Directory(_) | NodeError::TooMany | NodeError::Left => IO,
            NodeError::Journal(failure) => failure.java_class(),
        };
        Self::failed(class, error.to_string())
    }
}
