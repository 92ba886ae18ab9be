//! What happened to the journals, when, and who asked for it.

mod history_event;
mod history_kind;
mod history_query;
mod stored_event;

pub use history_event::HistoryEvent;
pub use history_kind::HistoryKind;
pub use history_query::HistoryQuery;
pub(super) use stored_event::StoredEvent;
