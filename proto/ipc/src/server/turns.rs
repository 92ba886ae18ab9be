use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Who hears that the loop that accepts connections turns, and how often at least.
#[derive(Default)]
pub(super) struct Turns {
    heard: Option<Heard>,
}

struct Heard {
    every: Duration,
    due: Option<Instant>,
    turned: Box<dyn FnMut() + Send + Sync>,
}

impl Turns {
    pub(super) fn new(every: Duration, turned: impl FnMut() + Send + Sync + 'static) -> Self {
        Self { heard: Some(Heard { every, due: None, turned: Box::new(turned) }) }
    }

    /// Waits until a turn is due and tells of it; for ever if nobody asked. The first one is due
    /// at once.
    pub(super) async fn next(&mut self) {
        let Some(heard) = &mut self.heard else { return pending().await };
        if let Some(due) = heard.due {
            sleep_until(due).await;
        }
        heard.due = Some(Instant::now() + heard.every);
        (heard.turned)();
    }
}
