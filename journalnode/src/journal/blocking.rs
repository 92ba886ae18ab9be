use tokio::task::{JoinError, spawn_blocking};

/// Where calls that wait for a disk run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocking {
    /// On the worker thread that has the request, after handing its other tasks to another
    /// one: a batch is written and synced without changing threads. Needs tokio's
    /// multi-thread runtime.
    InPlace,
    /// On the current thread, which then does nothing else: for a simulated disk that never
    /// waits, under a deterministic runtime.
    Inline,
}

impl Blocking {
    /// Runs `work` and returns what it returns.
    pub fn run<T>(self, work: impl FnOnce() -> T) -> T {
        match self {
            Self::InPlace => tokio::task::block_in_place(work),
            Self::Inline => work(),
        }
    }

    /// Runs `work` where the caller's task and its thread need not wait for it, if there is such
    /// a place. Fails if it panicked, or the runtime ends.
    pub async fn run_apart<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        match self {
            Self::InPlace => spawn_blocking(work).await,
            Self::Inline => Ok(work()),
        }
    }
}
