use std::time::{Duration, Instant};

use super::Supervisor;

/// How many turns a loop makes in the time after which the supervisor takes it for dead. Two
/// pings fall into that time, and each may be late by a turn.
const TURNS_PER_LIMIT: u32 = 4;

/// Tells the supervisor that the main loop turns, where that is asked for (`WatchdogSec`).
///
/// It has no thread and no timer: only the loop that calls [`turned`](Self::turned) can keep the
/// process alive.
#[derive(Debug)]
pub struct Watchdog {
    supervisor: Supervisor,
    longest_turn: Option<Duration>,
    last: Option<Instant>,
}

impl Watchdog {
    /// As the environment of this process asks for it.
    pub fn of_process() -> Self {
        let variable = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
        // Else it is meant for the process that started this one.
        let other = variable("WATCHDOG_PID").filter(|pid| *pid != u64::from(std::process::id()));
        let limit = variable("WATCHDOG_USEC").map(Duration::from_micros);
        Self::new(Supervisor::of_process(), limit.filter(|_| other.is_none()))
    }

    fn new(supervisor: Supervisor, limit: Option<Duration>) -> Self {
        let longest_turn = limit.map(|limit| limit / TURNS_PER_LIMIT);
        Self { supervisor, longest_turn: longest_turn.filter(|turn| !turn.is_zero()), last: None }
    }

    /// The longest time between two turns that keeps the supervisor content, if it cares.
    pub fn longest_turn(&self) -> Option<Duration> {
        self.longest_turn
    }

    /// The loop turns.
    pub fn turned(&mut self) {
        let Some(turn) = self.longest_turn else { return };
        if self.last.is_some_and(|last| last.elapsed() < turn) {
            return;
        }
        if self.supervisor.alive() {
            self.last = Some(Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;

    #[test]
    fn many_turns_make_few_pings() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let listener = UnixDatagram::bind(&path).unwrap();
        listener.set_nonblocking(true).unwrap();
        let mut watchdog = Watchdog::new(Supervisor::at(&path), Some(Duration::from_secs(3600)));
        (0..100).for_each(|_| watchdog.turned());
        assert!(listener.recv(&mut [0; 64]).is_ok());
        assert!(listener.recv(&mut [0; 64]).is_err(), "a second ping within one turn");
    }

    #[test]
    fn without_a_limit_there_are_no_turns_to_keep() {
        for limit in [None, Some(Duration::ZERO), Some(Duration::from_nanos(3))] {
            assert_eq!(Watchdog::new(Supervisor::default(), limit).longest_turn(), None);
        }
    }
}
