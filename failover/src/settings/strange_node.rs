use thiserror::Error;

use hadoop_ipc::conf::HostPort;

use crate::types::ActiveNode;

/// What ZooKeeper names is no NameNode of our configuration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StrangeNode {
    /// The name is not configured.
    #[error(
        "ZooKeeper names {node}, which is no NameNode of our configuration: add it to \
         dfs.ha.namenodes.{}, or, when it is certain that no such NameNode runs, remove the \
         breadcrumb with `zkfc-rs -formatZK`", node.id.nameservice
    )]
    Unknown {
        /// What ZooKeeper says.
        node: ActiveNode,
    },
    /// The name is configured with another address.
    #[error(
        "ZooKeeper names {node}, but our configuration has {} at {configured}: give all hosts the \
         same configuration and names, or, when it is certain that no NameNode runs at the old \
         address, remove the breadcrumb with `zkfc-rs -formatZK`", node.id
    )]
    Elsewhere {
        /// What ZooKeeper says.
        node: ActiveNode,
        /// What the configuration says.
        configured: HostPort,
    },
}
