//! Metrics as Prometheus reads them.

mod exposition;

pub use exposition::{Exposition, Labels};
