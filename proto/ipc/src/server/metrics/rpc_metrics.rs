use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use super::{MetricsSnapshot, Rate, RateMap};

/// The counters of a server, shared by its connections. Source: `RpcMetrics`,
/// `RpcDetailedMetrics`, `Server.updateMetrics`.
#[derive(Debug, Default)]
pub struct RpcMetrics {
    pub(in crate::server) received_bytes: AtomicU64,
    pub(in crate::server) sent_bytes: AtomicU64,
    pub(in crate::server) open_connections: AtomicU64,
    pub(in crate::server) dropped_connections: AtomicU64,
    pub(in crate::server) calls_in_flight: AtomicU64,
    pub(in crate::server) call_queue_length: AtomicU64,
    pub(in crate::server) authentication_successes: AtomicU64,
    pub(in crate::server) authentication_failures: AtomicU64,
    pub(in crate::server) authorization_successes: AtomicU64,
    pub(in crate::server) authorization_failures: AtomicU64,
    call_successes: AtomicU64,
    total_requests: AtomicU64,
    enqueue_time: Rate,
    queue_time: Rate,
    processing_time: Rate,
    response_time: Rate,
    detailed: RateMap,
    users: Mutex<BTreeMap<String, u64>>,
}

/// Where the time of one call went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallTimes {
    /// Waiting for room in the queue.
    pub enqueue: Duration,
    /// Waiting for the handler.
    pub queue: Duration,
    /// In the handler.
    pub processing: Duration,
    /// Writing the reply.
    pub response: Duration,
}

impl RpcMetrics {
    /// The values now.
    pub fn snapshot(&self) -> MetricsSnapshot {
        MetricsSnapshot {
            received_bytes: self.received_bytes.load(Relaxed),
            sent_bytes: self.sent_bytes.load(Relaxed),
            open_connections: self.open_connections.load(Relaxed),
            open_connections_per_user: self.lock_users().clone(),
            dropped_connections: self.dropped_connections.load(Relaxed),
            calls_in_flight: self.calls_in_flight.load(Relaxed),
            call_queue_length: self.call_queue_length.load(Relaxed),
            enqueue_time: self.enqueue_time.snapshot(),
            queue_time: self.queue_time.snapshot(),
            processing_time: self.processing_time.snapshot(),
            response_time: self.response_time.snapshot(),
            authentication_successes: self.authentication_successes.load(Relaxed),
            authentication_failures: self.authentication_failures.load(Relaxed),
            authorization_successes: self.authorization_successes.load(Relaxed),
            authorization_failures: self.authorization_failures.load(Relaxed),
            call_successes: self.call_successes.load(Relaxed),
            total_requests: self.total_requests.load(Relaxed),
            detailed: self.detailed.snapshot(),
        }
    }

    /// Counts a finished call: under its method, or `failure`'s simple class name.
    pub(in crate::server) fn finish_call(&self, name: &str, succeeded: bool, times: CallTimes) {
        self.total_requests.fetch_add(1, Relaxed);
        self.call_successes.fetch_add(u64::from(succeeded), Relaxed);
        self.enqueue_time.add(times.enqueue);
        self.queue_time.add(times.queue);
        self.processing_time.add(times.processing);
        self.response_time.add(times.response);
        let overall = times.enqueue + times.queue + times.processing + times.response;
        self.detailed.add(name, times.processing, overall);
    }

    /// A user's connection was established.
    pub(in crate::server) fn add_user(&self, user: &str) {
        *self.lock_users().entry(user.to_owned()).or_default() += 1;
    }

    /// A user's connection is gone.
    pub(in crate::server) fn remove_user(&self, user: &str) {
        let mut users = self.lock_users();
        if let Some(count) = users.get_mut(user) {
            *count -= 1;
            if *count == 0 {
                users.remove(user);
            }
        }
    }

    fn lock_users(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, u64>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_calls_count_under_their_exception() {
        let metrics = RpcMetrics::default();
        let second = Duration::from_secs(1);
        let times =
            CallTimes { enqueue: second, queue: second, processing: second, response: second };
        metrics.finish_call("journal", true, times);
        metrics.finish_call("IOException", false, times);
        let snapshot = metrics.snapshot();
        assert_eq!((snapshot.total_requests, snapshot.call_successes), (2, 1));
        assert_eq!(snapshot.detailed["journal"].overall.total_ns, 4_000_000_000);
        assert_eq!(snapshot.detailed["IOException"].processing.count, 1);
    }

    #[test]
    fn users_are_forgotten_with_their_last_connection() {
        let metrics = RpcMetrics::default();
        metrics.add_user("hdfs");
        metrics.add_user("hdfs");
        metrics.remove_user("hdfs");
        assert_eq!(metrics.snapshot().open_connections_per_user["hdfs"], 1);
        metrics.remove_user("hdfs");
        assert!(metrics.snapshot().open_connections_per_user.is_empty());
    }
}
