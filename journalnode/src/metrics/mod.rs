//! What one journal counts and times, under the names that Java's `JournalMetrics` gives; and
//! what the kernel says of this process and machine.

mod cache_miss;
mod journal_metrics;
mod latency_histogram;
mod machine_statistics;
mod proc_file;
mod process_statistics;
mod quantiles;
mod request_times;
mod scrub_metrics;
mod thread_states;

pub use cache_miss::CacheMissStat;
pub use journal_metrics::{JournalCounters, JournalMetrics};
pub use latency_histogram::{HistogramFigures, LatencyHistogram};
pub use machine_statistics::MachineStatistics;
pub use process_statistics::ProcessStatistics;
pub use quantiles::{LatencyQuantiles, LatencyWindow};
pub use request_times::RequestTimes;
pub use scrub_metrics::ScrubMetrics;
pub use thread_states::ThreadStates;
