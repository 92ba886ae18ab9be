//! What the tools that ask one node's inspection service have in common.

mod arguments;
mod asked;
mod time;

pub(super) use arguments::own_first;
pub(super) use asked::Asked;
pub(super) use time::utc;
