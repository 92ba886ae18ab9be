use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use tokio::time::{advance, sleep};

/// How often a host looks whether its clock is to jump.
const LOOK: Duration = Duration::from_millis(20);

thread_local! {
    /// What the wall clocks of all hosts of this thread are ahead.
    static WALL_CLOCK_JUMP: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// The monotonic clock of one host, which may be made to jump: what a host sees that was stopped
/// for a while.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock(Rc<Cell<Option<Duration>>>);

impl Clock {
    /// Has the host's time go on by so much at once.
    pub(crate) fn jump(&self, by: Duration) {
        self.0.set(Some(by));
    }

    /// Lets the time of the host that runs this jump when it is told to.
    pub(crate) async fn follow(&self) {
        loop {
            sleep(LOOK).await;
            if let Some(by) = self.0.take() {
                advance(by).await;
            }
        }
    }
}

/// Sets how far the wall clocks of this thread's simulation are ahead.
pub(crate) fn set_wall_clock_jump(ahead: Duration) {
    WALL_CLOCK_JUMP.set(ahead);
}

/// What time it is.
pub(super) fn wall_clock() -> SystemTime {
    let since_epoch = turmoil::since_epoch().unwrap_or_default();
    SystemTime::UNIX_EPOCH + since_epoch + WALL_CLOCK_JUMP.get()
}
