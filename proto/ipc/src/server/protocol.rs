use std::{net::SocketAddr, sync::Arc};

use bytes::Bytes;
use futures_util::future::BoxFuture;

use crate::call::CallError;

/// A protocol as clients name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolDescriptor {
    /// What calls carry as `declaringClassProtocolName`.
    pub name: &'static str,
    /// What calls carry as `clientProtocolVersion`.
    pub version: u64,
    /// Java class of the protobuf interface, as asked for in `ProtocolMetaInfoPB`.
    pub pb_class: &'static str,
    /// Java's fingerprints of the methods, in the order Java lists them.
    pub method_hashes: &'static [u32],
}

/// A protocol this server answers.
pub trait Protocol: Send + Sync + 'static {
    /// Name, version, fingerprints.
    fn descriptor(&self) -> &ProtocolDescriptor;

    /// Runs a call. The answer is the encoded response message, without a delimiter.
    ///
    /// Calls of one connection run side by side and are answered as they finish. A call whose
    /// connection dies runs on.
    fn call(self: Arc<Self>, call: Call) -> BoxFuture<'static, Result<Bytes, CallError>>;
}

/// One call of a method.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method as the wire names it, such as `newEpoch`.
    pub method: String,
    /// The encoded request message, without its delimiter; a slice of the packet.
    pub request: Bytes,
    /// Who calls.
    pub caller: Arc<Caller>,
}

/// Who is at the other end of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Claimed (SIMPLE) or proved (Kerberos: the full principal); `None` for anonymous.
    pub user: Option<String>,
    /// Where the connection comes from.
    pub address: SocketAddr,
    /// The protocol named in the connection context.
    pub protocol: Option<String>,
}
