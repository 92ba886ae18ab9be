use std::{future, sync::Arc};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use hadoop_proto::{
    Message,
    common::{
        GetProtocolSignatureRequestProto, GetProtocolSignatureResponseProto,
        GetProtocolVersionsRequestProto, GetProtocolVersionsResponseProto, ProtocolSignatureProto,
        ProtocolVersionProto,
    },
};

use super::{Call, Protocol, ProtocolDescriptor};
use crate::call::{CallError, RpcException, class_name, decode_request};

const PROTOBUF_KIND: &str = "RPC_PROTOCOL_BUFFER";

/// `ProtocolMetaInfoPB`: which protocols, versions and methods this server has.
pub(super) struct MetaInfo {
    descriptors: Vec<ProtocolDescriptor>,
}

impl MetaInfo {
    pub(super) const DESCRIPTOR: ProtocolDescriptor = ProtocolDescriptor {
        name: "org.apache.hadoop.ipc.ProtocolMetaInfoPB",
        version: 1,
        pb_class: "org.apache.hadoop.ipc.ProtocolMetaInfoPB",
        method_hashes: &[2899739261, 1444443140],
    };

    pub(super) fn new(descriptors: Vec<ProtocolDescriptor>) -> Self {
        Self { descriptors }
    }

    fn answer(&self, call: Call) -> Result<Bytes, CallError> {
        match call.method.as_str() {
            "getProtocolVersions" => self.versions(decode_request(call.request)?),
            "getProtocolSignature" => self.signature(decode_request(call.request)?),
            _ => Err(CallError::NoSuchMethod),
        }
    }

    /// Java's own answer always fails: it leaves out the required rpcKind.
    fn versions(&self, request: GetProtocolVersionsRequestProto) -> Result<Bytes, CallError> {
        let versions = self.versions_of(&request.protocol)?;
        let response = GetProtocolVersionsResponseProto {
            protocol_versions: vec![ProtocolVersionProto {
                rpc_kind: PROTOBUF_KIND.into(),
                versions: versions.iter().map(|descriptor| descriptor.version).collect(),
            }],
        };
        Ok(response.encode_to_vec().into())
    }

    fn signature(&self, request: GetProtocolSignatureRequestProto) -> Result<Bytes, CallError> {
        let mut versions = self.versions_of(&request.protocol)?;
        if request.rpc_kind != PROTOBUF_KIND {
            versions.clear();
        }
        let signature = |descriptor: &ProtocolDescriptor| ProtocolSignatureProto {
            version: descriptor.version,
            methods: descriptor.method_hashes.to_vec(),
        };
        let protocol_signature = versions.into_iter().map(signature).collect();
        Ok(GetProtocolSignatureResponseProto { protocol_signature }.encode_to_vec().into())
    }

    fn versions_of(&self, pb_class: &str) -> Result<Vec<&ProtocolDescriptor>, CallError> {
        let found: Vec<_> =
            self.descriptors.iter().filter(|known| known.pb_class == pb_class).collect();
        if found.is_empty() {
            return Err(RpcException::new(class_name::CLASS_NOT_FOUND, pb_class).into());
        }
        Ok(found)
    }
}

impl Protocol for MetaInfo {
    fn descriptor(&self) -> &ProtocolDescriptor {
        &Self::DESCRIPTOR
    }

    fn call(self: Arc<Self>, call: Call) -> BoxFuture<'static, Result<Bytes, CallError>> {
        future::ready(self.answer(call)).boxed()
    }
}
