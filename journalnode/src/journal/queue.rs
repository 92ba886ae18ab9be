use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The requests that wait until a journal is theirs to change.
#[derive(Debug, Default)]
pub(super) struct Queue(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    next: u64,
    since: BTreeMap<u64, Instant>,
}

impl Queue {
    /// Waits from now on, until the result is dropped.
    pub(super) fn join(&self) -> Place<'_> {
        let mut waiting = self.waiting();
        let number = waiting.next;
        waiting.next += 1;
        waiting.since.insert(number, Instant::now());
        Place { queue: self, number }
    }

    /// Since when the one in front waits.
    pub(super) fn oldest(&self) -> Option<Instant> {
        self.waiting().since.first_key_value().map(|(_, since)| *since)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue.
#[derive(Debug)]
pub(super) struct Place<'a> {
    queue: &'a Queue,
    number: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.queue.waiting().since.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_in_front_is_the_oldest_that_still_waits() {
        let queue = Queue::default();
        assert_eq!(queue.oldest(), None);
        let first = queue.join();
        let front = queue.oldest().unwrap();
        let second = queue.join();
        assert_eq!(queue.oldest(), Some(front));
        drop(first);
        assert!(queue.oldest().unwrap() >= front);
        drop(second);
        assert_eq!(queue.oldest(), None);
    }
}
