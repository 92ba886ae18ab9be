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

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio_stream::StreamExt;

    use super::*;

    #[tokio::test]
    async fn long_calls_are_limited_and_a_caller_that_goes_makes_room() {
        let calls = LongCalls::new(CancellationToken::new());
        let start = || calls.start::<(), _>(|_| pending::<Result<(), Status>>());
        let mut running: Vec<_> = (0..MAX_LONG_CALLS).map(|_| start().unwrap()).collect();
        let refused = start().unwrap_err();
        assert_eq!(refused.code(), tonic::Code::ResourceExhausted, "{refused}");
        running.pop();
        while start().is_err() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_caller_that_reads_nothing_holds_up_only_its_own_call() {
        let stopping = CancellationToken::new();
        let calls = LongCalls::new(stopping.clone());
        let count = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let sent = Arc::clone(&count);
        let endless = move |answers: Answering<usize>| async move {
            loop {
                let next = sent.load(std::sync::atomic::Ordering::SeqCst);
                answers.send(next).await?;
                sent.store(next + 1, std::sync::atomic::Ordering::SeqCst);
            }
        };
        let mut answers = calls.start(endless).unwrap().into_inner();
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(count.load(std::sync::atomic::Ordering::SeqCst), MAX_QUEUED_ANSWERS);
        assert_eq!(answers.next().await.unwrap().unwrap(), 0);
        stopping.cancel();
        let rest: Vec<_> = answers.collect().await;
        assert!(rest.len() <= MAX_QUEUED_ANSWERS + 1, "it went on: {rest:?}");
    }
}
