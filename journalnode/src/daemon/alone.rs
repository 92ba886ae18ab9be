use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::daemon::until;

/// Set once no other process works on the same directories.
#[derive(Clone, Debug, Default)]
pub(super) struct Alone(CancellationToken);

impl Alone {
    pub(super) fn set(&self) {
        self.0.cancel();
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Waits for it.
    pub(super) async fn reached(&self) {
        self.0.cancelled().await;
    }

    /// Begins when this process is alone, if it is not stopped before.
    pub(super) async fn then(self, stopped: watch::Receiver<bool>, work: impl Future<Output = ()>) {
        tokio::select! {
            biased;
            () = self.reached() => work.await,
            () = until(stopped) => {}
        }
    }
}
