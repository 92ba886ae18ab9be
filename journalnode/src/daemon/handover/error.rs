use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use crate::journal::PassError;
use crate::types::JournalId;

/// Why a hand-over came to nothing. The old process goes on as if nobody had asked.
#[derive(Debug, Error)]
pub enum HandOverError {
    /// Who waits for this process would take its end for the end of the service.
    #[error(
        "this process is PID 1: its end would end the container; run it under an init \
         (docker run --init), or restart the container"
    )]
    Init,
    /// The binary cannot be run.
    #[error("{program} cannot be started: {source}", program = program.display())]
    Start {
        /// Which.
        program: PathBuf,
        /// What the system reported.
        source: io::Error,
    },
    /// The new process ended or went silent. What it said itself is in the log before this.
    #[error("the new process did not {step} within {limit:?}: {source}")]
    Silent {
        /// What was waited for.
        step: &'static str,
        /// For how long.
        limit: Duration,
        /// How that ended.
        source: io::Error,
    },
    /// The new process said no.
    #[error("the new process refused: {0}")]
    Refused(String),
    /// The other process says what this one does not understand.
    #[error("the other process speaks another language: {0}")]
    Language(String),
    /// A call does not end.
    #[error("calls in flight did not end within {0:?}: a slow disk or peer? try again later")]
    Busy(Duration),
    /// A journal stays.
    #[error("journal {id} cannot change hands: {source}")]
    Journal {
        /// Which.
        id: JournalId,
        /// Why.
        source: PassError,
    },
    /// Between the two processes.
    #[error("the processes cannot talk to each other: {0}")]
    Channel(#[from] io::Error),
    /// Told to stop in the middle of it.
    #[error("told to stop")]
    Stopped,
}
