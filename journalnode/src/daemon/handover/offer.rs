use std::os::fd::OwnedFd;
use std::sync::Arc;

use hadoop_ipc::server::Passage;

use super::Addresses;
use crate::node::JournalNode;

/// What a process has to hand over.
pub(crate) struct Offer {
    pub(crate) node: Arc<JournalNode>,
    pub(crate) passage: Passage,
    pub(crate) addresses: Addresses,
    /// Second descriptors of the listening sockets, in the order of the addresses.
    pub(crate) sockets: Vec<OwnedFd>,
}
