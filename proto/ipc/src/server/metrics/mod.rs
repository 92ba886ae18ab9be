//! What a server counts: enough for Hadoop's `RpcActivityForPort` and
//! `RpcDetailedActivityForPort` beans.

mod rate;
mod rate_map;
mod rpc_metrics;
mod snapshot;

pub use rate::{Rate, RateSnapshot};
pub use rate_map::RateMap;
pub use rpc_metrics::{CallTimes, RpcMetrics};
pub use snapshot::{DetailedRate, MetricsSnapshot};
