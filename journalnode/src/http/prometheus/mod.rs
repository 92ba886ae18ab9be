//! Metrics for Prometheus, twice: `/prom` under the names that Hadoop's sink gives, for
//! dashboards that exist already, and `/metrics` under our own.

mod hadoop;
mod hadoop_name;
mod own;
mod own_journal;
mod pages;

pub(super) use pages::{metrics, prom};
