use std::time::Instant;

use hadoop_ipc::server::MetricsSnapshot;
use hadoop_ipc::server::metrics::RateSnapshot;

use crate::http::jmx::Bean;
use crate::http::shared::Shared;

/// `RpcActivityForPort<port>` (`RpcMetrics`). There are no deferred, requeued or backed-off
/// calls here, and no lock that all handlers share.
pub(super) fn bean(shared: &Shared, rpc: &MetricsSnapshot, host: &str) -> Bean {
    let port = shared.site.rpc_address.port();
    // A map of names and numbers always has a JSON form.
    let users = serde_json::to_string(&rpc.open_connections_per_user).unwrap_or_default();
    let lock_wait = RateSnapshot { count: rpc.processing_time.count, total_ns: 0 };
    let per_second = shared.rpc_rate.per_second(rpc.total_requests, Instant::now());
    Bean::hadoop(&format!("RpcActivityForPort{port}"), Some("rpc"))
        .tag("port", port.to_string())
        .tag("serverName", "QJournalProtocolService")
        .tag("Context", "rpc")
        .tag("NumOpenConnectionsPerUser", users)
        .tag("Hostname", host)
        .rate("DeferredRpcProcessingTime", RateSnapshot::default())
        .counter("ReceivedBytes", rpc.received_bytes)
        .counter("RpcAuthenticationFailures", rpc.authentication_failures)
        .counter("RpcAuthenticationSuccesses", rpc.authentication_successes)
        .counter("RpcAuthorizationFailures", rpc.authorization_failures)
        .counter("RpcAuthorizationSuccesses", rpc.authorization_successes)
        .counter("RpcCallSuccesses", rpc.call_successes)
        .counter("RpcClientBackoff", 0)
        .counter("RpcClientBackoffDisconnected", 0)
        .rate("RpcEnQueueTime", rpc.enqueue_time)
        .rate("RpcLockWaitTime", lock_wait)
        .rate("RpcProcessingTime", rpc.processing_time)
        .rate("RpcQueueTime", rpc.queue_time)
        .counter("RpcRequeueCalls", 0)
        .rate("RpcResponseTime", rpc.response_time)
        .counter("RpcSlowCalls", 0)
        .counter("SentBytes", rpc.sent_bytes)
        .gauge("NumInProcessHandler", rpc.calls_in_flight)
        .gauge("TotalRequests", rpc.total_requests)
        .gauge("TotalRequestsPerSecond", per_second)
        .gauge("NumOpenConnections", rpc.open_connections)
        .gauge("CallQueueLength", rpc.call_queue_length)
        .gauge("NumDroppedConnections", rpc.dropped_connections)
}
