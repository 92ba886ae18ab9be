//! Lock and breadcrumb in memory, for tests: every session can be cut off, brought back and
//! expired at will, and every request can be made to fail.

mod ensemble_state;
mod memory_ensemble;
mod memory_ledger;
mod memory_session;
mod request;

pub use memory_ensemble::MemoryEnsemble;
pub use memory_ledger::MemoryLedger;
pub use memory_session::MemorySession;
pub use request::Request;
