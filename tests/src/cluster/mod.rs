//! A nameservice with two NameNodes of Hadoop and three JournalNodes of either kind on loopback.

mod builder;
mod load;
mod nameservice;

pub use builder::ClusterBuilder;
pub(crate) use builder::base_site;
pub use load::Load;
pub use nameservice::{Cluster, NAMESERVICE};
