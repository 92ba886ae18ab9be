//! Watching a NameNode: [`watch`] decides, without I/O; [`HealthMonitor`] asks and reports.

mod monitor;
mod next;
mod report;
mod seen;
mod settings;
mod watch;

pub use monitor::HealthMonitor;
pub use report::HealthReport;
pub use settings::HealthSettings;
