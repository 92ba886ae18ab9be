use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::error;

use super::look::Look;
use crate::index::{Index, IndexState};
use crate::node::JournalNode;
use crate::scrub::Pace;

/// How often every journal is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Fills an index: one task for all journals of the process.
#[derive(Debug)]
pub struct Follower {
    node: Arc<JournalNode>,
    index: Index,
    pace: Arc<Pace>,
    stopping: CancellationToken,
}

impl Follower {
    /// A follower that does nothing before [`run`](Self::run).
    pub fn new(node: Arc<JournalNode>) -> Self {
        let index = node.index().clone();
        let pace = Arc::new(Pace::new(index.0.options.bandwidth));
        Self { node, index, pace, stopping: CancellationToken::new() }
    }

    /// Opens the index, fills it until [`stop`](Self::stop), and closes it.
    pub async fn run(&self) {
        let Some(directory) = self.index.0.options.directory.clone() else { return };
        let (node, shared, pace) =
            (Arc::clone(&self.node), Arc::clone(&self.index.0), Arc::clone(&self.pace));
        let mut look = Look::new(node, shared, pace, &directory);
        while !self.stopping.is_cancelled() {
            let looked = spawn_blocking(move || {
                let more = look.look();
                (look, more)
            });
            let more;
            (look, more) = match looked.await {
                Ok(looked) => looked,
                Err(panic) => return self.give_up(&panic.to_string()),
            };
            if !more {
                self.stopping.run_until_cancelled(sleep(LOOK)).await;
            }
        }
        if let Err(panic) = spawn_blocking(move || look.close()).await {
            error!("the index was not closed: {panic}");
        }
    }

    /// Ends [`run`](Self::run), in the middle of a segment if need be.
    pub fn stop(&self) {
        self.pace.stop();
        self.stopping.cancel();
    }

    fn give_up(&self, why: &str) {
        error!("the index ended badly, journals are served without it: {why}");
        self.index.0.replace_entries(None);
        self.index.0.forget_checkpoints();
        self.index.0.set_state(IndexState::Off(why.to_owned()));
    }
}
