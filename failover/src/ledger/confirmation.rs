use serde::{Deserialize, Serialize};

use super::namenode_text;
use crate::types::NameNodeId;

/// The word of a person that a NameNode is gone, for one breadcrumb alone: once anyone became
/// active after it was written, it says nothing any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The user and host.
    pub by: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// How they know; may be empty.
    pub why: String,
    /// Which NameNode.
    #[serde(with = "namenode_text")]
    pub namenode: NameNodeId,
    /// The version of the breadcrumb.
    pub breadcrumb_version: i32,
    /// The transaction that wrote it: versions begin anew when a breadcrumb is deleted.
    pub breadcrumb_mzxid: i64,
}
