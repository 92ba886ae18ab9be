//! What can be seen of a cluster: servers of ZooKeeper, the election, NameNodes and their
//! controllers. Values first, then who asks.

mod election_view;
mod look;
mod member;
mod member_probe;
mod members;
mod namenode_probe;
mod namenode_view;
mod nameservice_view;

pub use election_view::{ElectionView, Named};
pub use look::look;
pub use member::{Member, MemberFault, Role};
pub(super) use member_probe::data_dir;
pub use members::{Members, servers_of};
pub use namenode_view::NameNodeView;
pub use nameservice_view::NameserviceView;

#[cfg(test)]
pub(in crate::tools) mod tests;
