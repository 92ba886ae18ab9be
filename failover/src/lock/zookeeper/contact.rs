use std::sync::Arc;

use super::requests::{Answers, request};
use super::shared::Shared;

/// So many questions per timeout: a lease loses a sixth of the timeout at most by them.
const QUESTIONS_PER_TIMEOUT: u32 = 6;

/// Asks the leader whether the session lives, often enough for a lease to be worth something.
///
/// `sync` is answered by the leader; a read would be answered by a server that may be cut off
/// from it and not know yet.
pub(super) async fn keep(shared: Arc<Shared>) {
    let pause = shared.timeout / QUESTIONS_PER_TIMEOUT;
    loop {
        tokio::select! {
            biased;
            () = shared.stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        ask(&shared).await;
    }
}

/// Asks once. A failure shows in the session's events, if it is one.
pub(super) async fn ask(shared: &Arc<Shared>) {
    let parent = shared.paths.parent.clone();
    let asked =
        request(shared, Answers::Leader, |client| async move { client.sync(&parent).await });
    // The time of the last answer is all that is wanted.
    let _ = asked.await;
}
