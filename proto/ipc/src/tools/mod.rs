//! What the tools of both daemons have in common: how they end.

mod exit;

pub use exit::ToolExit;
