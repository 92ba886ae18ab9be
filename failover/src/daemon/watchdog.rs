use std::time::{Duration, Instant};

use sd_notify::NotifyState;

/// Tells systemd that the event loop turns, if the unit has a `WatchdogSec`.
#[derive(Debug)]
pub struct Watchdog {
    every: Option<Duration>,
    last: Option<Instant>,
}

impl Watchdog {
    /// As the environment of this process asks for it.
    pub fn of_process() -> Self {
        let mut limit_us = 0;
        let wanted = sd_notify::watchdog_enabled(false, &mut limit_us) && limit_us > 0;
        let every = wanted.then(|| Duration::from_micros(limit_us) / 2);
        Self { every, last: None }
    }

    /// The longest time between two turns that keeps systemd content.
    pub fn longest_turn(&self) -> Option<Duration> {
        self.every.map(|every| every / 2)
    }

    /// The event loop turns.
    pub fn turned(&mut self) {
        let Some(every) = self.every else { return };
        let slack = every / 2;
        if self.last.is_none_or(|last| last.elapsed() + slack >= every) {
            self.last = Some(Instant::now());
            // Without a socket to tell there is nobody who waits for it.
            let _ = sd_notify::notify(false, &[NotifyState::Watchdog]);
        }
    }
}
