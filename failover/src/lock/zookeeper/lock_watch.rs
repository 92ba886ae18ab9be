use std::sync::Arc;

use tracing::debug;
use zookeeper_client::{EventType, OneshotWatcher};

use super::shared::Shared;
use crate::lock::SessionEvent;

/// Waits for the next change of the lock, and tells it.
pub(super) fn start(shared: &Arc<Shared>, watcher: OneshotWatcher) {
    let shared = shared.clone();
    let number = shared.watch_set();
    tokio::spawn(async move {
        // In a task of its own: the crate asserts that every watcher is told something.
        let fired = tokio::spawn(watcher.changed());
        let abort = fired.abort_handle();
        let fired = tokio::select! {
            biased;
            () = shared.stop.cancelled() => {
                abort.abort();
                return;
            }
            fired = fired => fired,
        };
        shared.watch_gone(number);
        let event = match fired.map(|event| event.event_type) {
            Ok(EventType::NodeDeleted) => SessionEvent::LockDeleted,
            Ok(EventType::NodeCreated) => SessionEvent::LockCreated,
            // The client ended; the supervisor tells what came of the session.
            Ok(EventType::Session) => return,
            Ok(EventType::NodeDataChanged | EventType::NodeChildrenChanged) | Err(_) => {
                SessionEvent::LockChanged
            }
        };
        debug!("{event}");
        shared.emit(event);
    });
}
