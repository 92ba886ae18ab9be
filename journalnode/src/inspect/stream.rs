use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::{Response, Status};

use super::limits::{MAX_LONG_CALLS, MAX_QUEUED_ANSWERS};

/// An answer that goes on until the caller has enough.
pub(super) type Answers<A> = ReceiverStream<Result<A, Status>>;

/// Where the answers of a long call go. A caller that does not take them holds up whoever makes
/// them, here, and nobody else.
pub(super) struct Answering<A>(mpsc::Sender<Result<A, Status>>);

/// The calls whose answers have no end.
#[derive(Debug)]
pub(super) struct LongCalls {
    places: Arc<Semaphore>,
    stopping: CancellationToken,
}

impl LongCalls {
    pub(super) fn new(stopping: CancellationToken) -> Self {
        Self { places: Arc::new(Semaphore::new(MAX_LONG_CALLS)), stopping }
    }

    /// Starts what makes the answers. It is dropped when the caller goes or the process ends.
    pub(super) fn start<A, W>(
        &self,
        work: impl FnOnce(Answering<A>) -> W,
    ) -> Result<Response<Answers<A>>, Status>
    where
        A: Send + 'static,
        W: Future<Output = Result<(), Status>> + Send + 'static,
    {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| too_many())?;
        let (sender, receiver) = mpsc::channel(MAX_QUEUED_ANSWERS);
        let work = work(Answering(sender.clone()));
        let stopping = self.stopping.clone();
        tokio::spawn(async move {
            let _place = place;
            let ended = tokio::select! {
                biased;
                () = sender.closed() => return,
                () = stopping.cancelled() => Err(Status::unavailable("this JournalNode is stopping")),
                ended = work => ended,
            };
            if let Err(status) = ended {
                tokio::select! {
                    biased;
                    _ = sender.send(Err(status)) => {}
                    () = stopping.cancelled() => {}
                }
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}

impl<A> Answering<A> {
    /// Waits until the caller takes it; fails if there is no caller any more.
    pub(super) async fn send(&self, answer: A) -> Result<(), Status> {
        self.0.send(Ok(answer)).await.map_err(|_| Status::cancelled("the caller is gone"))
    }
}

fn too_many() -> Status {
    Status::resource_exhausted(format!(
        "{MAX_LONG_CALLS} watches, tails and scrubs are running; end one of them"
    ))
}
