//! The newest batches in memory, for standby NameNodes that tail the open segment
//! (`JournaledEditsCache`). Unlike Java's it is filled by `commit`, so it never holds an edit
//! that is not durable (HDFS-17710).

mod edits_cache;

pub use edits_cache::{CacheMiss, CachedEdits, EditsCache};
