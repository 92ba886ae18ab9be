use std::path::PathBuf;

use hadoop_ipc::conf::ConfError;
use hadoop_ipc::security::SecurityError;
use thiserror::Error;

/// Why the controller does not start. [`StartFailure::exit_code`] is Java's.
#[derive(Debug, Error)]
pub enum StartFailure {
    /// A file or a value cannot be read.
    #[error(transparent)]
    Conf(#[from] ConfError),
    /// A value that makes no sense.
    #[error("{key} = {value}: {reason}")]
    Value {
        /// Which key.
        key: &'static str,
        /// What it says; never a secret.
        value: String,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// A file that a key names cannot be used.
    #[error("{key}: {}: {reason}", path.display())]
    File {
        /// Which key.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// No nameservice, or more than one, has a NameNode on this host.
    #[error("cannot tell which nameservice this host serves: {reason}; set dfs.nameservice.id")]
    NoNameservice {
        /// What was found.
        reason: String,
    },
    /// Fewer than two NameNodes.
    #[error(
        "HA is not enabled for nameservice {nameservice}: it needs two or more NameNodes in \
         dfs.ha.namenodes.{nameservice}, each with a dfs.namenode.rpc-address.{nameservice}.<id>"
    )]
    NotHighlyAvailable {
        /// The nameservice.
        nameservice: String,
    },
    /// No NameNode of the nameservice, or more than one, is on this host.
    #[error(
        "cannot tell which NameNode of {nameservice} this host runs: {reason}; set \
         dfs.ha.namenode.id, and run the controller on the host of its NameNode"
    )]
    NoNameNode {
        /// The nameservice.
        nameservice: String,
        /// What was found.
        reason: String,
    },
    /// A NameNode without an address.
    #[error(
        "NameNode {namenode} of {nameservice} has no address: set \
         dfs.namenode.rpc-address.{nameservice}.{namenode}"
    )]
    NoAddress {
        /// The nameservice.
        nameservice: String,
        /// The NameNode.
        namenode: String,
    },
    /// The operator has not asked for automatic failover.
    #[error(
        "automatic failover is not enabled for {nameservice}: set \
         dfs.ha.automatic-failover.enabled to true on all its NameNodes, and restart those"
    )]
    AutomaticFailoverOff {
        /// The nameservice.
        nameservice: String,
    },
    /// Kerberos is asked for. Running without it would be worse than not running.
    #[error(
        "hadoop.security.authentication = kerberos, which zkfc-rs cannot do yet; it does not start \
         rather than obey, and command NameNodes, without authentication. Keep Java's controller \
         (hdfs zkfc) on secure clusters"
    )]
    Kerberos,
    /// The ensemble does not answer.
    #[error(
        "cannot connect to ZooKeeper at {quorum}: {reason}; check ha.zookeeper.quorum and that \
         ZooKeeper runs"
    )]
    NoZooKeeper {
        /// `ha.zookeeper.quorum`.
        quorum: String,
        /// What happened.
        reason: String,
    },
    /// The ensemble answers, but not as hoped for.
    #[error("ZooKeeper at {quorum}: {reason}")]
    ZooKeeper {
        /// `ha.zookeeper.quorum`.
        quorum: String,
        /// What happened.
        reason: String,
    },
    /// Never formatted.
    #[error("{parent} is not in ZooKeeper: run `zkfc-rs -formatZK` once, on one NameNode host")]
    NoParentZnode {
        /// The path.
        parent: String,
    },
    /// No way to make sure that an old active is gone.
    #[error(
        "dfs.ha.fencing.methods of {namenode}: {reason}; configure a method before using \
         automatic failover"
    )]
    NoFencer {
        /// Which NameNode.
        namenode: String,
        /// What is wrong.
        reason: String,
    },
    /// A port is taken, or the address is not this machine's.
    #[error(
        "cannot listen on {address} ({key}): {reason}; stop what listens there (`ss -ltnp` shows \
         it; it may be another controller of this NameNode), or change {key}"
    )]
    Bind {
        /// The address.
        address: String,
        /// The key that says so.
        key: &'static str,
        /// What the system reported.
        reason: String,
    },
    /// The rules of who may ask cannot be read.
    #[error("service-level authorization: {0}")]
    Authorization(#[from] SecurityError),
    /// The system does not let this process take signals.
    #[error("cannot take signals: {0}")]
    Signals(String),
    /// The command line makes no sense.
    #[error("unknown argument {argument}")]
    Usage {
        /// What was not understood.
        argument: String,
    },
}

impl StartFailure {
    /// The status the process ends with, as Java's does.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NoParentZnode { .. } => 3,
            Self::NoFencer { .. } => 4,
            Self::AutomaticFailoverOff { .. } => 5,
            Self::NoZooKeeper { .. } => 6,
            _ => 1,
        }
    }
}
