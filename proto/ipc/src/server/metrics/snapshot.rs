use std::collections::BTreeMap;

use super::RateSnapshot;

/// Everything a server counted, at one moment. Field names follow the bean's attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetricsSnapshot {
    /// `ReceivedBytes`.
    pub received_bytes: u64,
    /// `SentBytes`.
    pub sent_bytes: u64,
    /// `NumOpenConnections`.
    pub open_connections: u64,
    /// `NumOpenConnectionsPerUser`, established connections only. Java shortens the names; these
    /// are as claimed or proved.
    pub open_connections_per_user: BTreeMap<String, u64>,
    /// `NumDroppedConnections`: refused because there were too many.
    pub dropped_connections: u64,
    /// `NumInProcessHandler`: calls a handler is busy with.
    pub calls_in_flight: u64,
    /// `CallQueueLength`: calls accepted that no handler has begun.
    pub call_queue_length: u64,
    /// `RpcEnQueueTime`: from arrival to the queue; readers wait here when limits are reached.
    pub enqueue_time: RateSnapshot,
    /// `RpcQueueTime`: from the queue to the handler.
    pub queue_time: RateSnapshot,
    /// `RpcProcessingTime`: in the handler.
    pub processing_time: RateSnapshot,
    /// `RpcResponseTime`: writing the reply.
    pub response_time: RateSnapshot,
    /// `RpcAuthenticationSuccesses`.
    pub authentication_successes: u64,
    /// `RpcAuthenticationFailures`.
    pub authentication_failures: u64,
    /// `RpcAuthorizationSuccesses`.
    pub authorization_successes: u64,
    /// `RpcAuthorizationFailures`.
    pub authorization_failures: u64,
    /// `RpcCallSuccesses`.
    pub call_successes: u64,
    /// `TotalRequests`.
    pub total_requests: u64,
    /// By method name if the call went well, by the exception's simple name if not, as in
    /// `RpcDetailedActivityForPort`.
    pub detailed: BTreeMap<String, DetailedRate>,
}

/// Two times of the same calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DetailedRate {
    /// In the handler.
    pub processing: RateSnapshot,
    /// From arrival to the reply's last byte.
    pub overall: RateSnapshot,
}
