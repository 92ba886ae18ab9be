//! Hadoop's wire messages.
//!
//! The `.proto` files under `hadoop/` are written from Hadoop's field tables, one file per
//! Hadoop protocol. They keep Hadoop's `required` labels; prost does not enforce those, so
//! [`decode`] checks them first, as Java does. [`inspect`] is our own, and no other's.

mod required;

pub use bytes::Bytes;
pub use prost::Message;
pub use required::{DecodeError, Required, Schema, decode};

/// `hadoop.common`: RPC headers, connection context, SASL, protocol info, the HA protocols.
#[allow(missing_docs, unreachable_pub, clippy::all)]
pub mod common {
    include!(concat!(env!("OUT_DIR"), "/hadoop.common.rs"));
}

/// `hadoop.hdfs`: storage info, namespace info, edit log manifests, the active node.
#[allow(missing_docs, unreachable_pub, clippy::all)]
pub mod hdfs {
    include!(concat!(env!("OUT_DIR"), "/hadoop.hdfs.rs"));

    /// `hadoop.hdfs.qjournal` refers to its parent package as `super::`.
    pub mod qjournal {
        include!(concat!(env!("OUT_DIR"), "/hadoop.hdfs.qjournal.rs"));
    }
}

pub use hdfs::qjournal;

/// `journalnode.inspect`: what a JournalNode of ours tells people and tests, over gRPC.
pub mod inspect {
    /// The first version.
    #[allow(missing_docs, unreachable_pub, clippy::all)]
    pub mod v1 {
        include!(concat!(env!("OUT_DIR"), "/journalnode.inspect.v1.rs"));
    }
}
