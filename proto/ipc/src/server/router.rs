use std::{io, sync::Arc};

use bytes::Bytes;
use hadoop_proto::common::{RequestHeaderProto, rpc_response_header_proto::RpcErrorCodeProto};

use super::{
    Call, Caller, Protocol,
    registry::{Registry, Unregistered},
};
use crate::{
    call::{CallError, Failure, RpcException, class_name},
    frame::split_delimited,
};

/// Finds the protocol a call is for, and words the replies to calls that lead nowhere.
/// Source: `ProtobufRpcEngine2.Server.ProtoBufRpcInvoker`.
pub struct Router {
    registry: Registry,
}

impl Router {
    /// Routes to `protocols` and to `ProtocolMetaInfoPB`. Each protocol may be given once.
    pub fn new(protocols: Vec<Arc<dyn Protocol>>) -> io::Result<Self> {
        Ok(Self { registry: Registry::new(protocols)? })
    }

    /// Splits the body of a packet into its method and its request.
    pub fn route(
        &self,
        mut body: Bytes,
        caller: Arc<Caller>,
    ) -> Result<(Arc<dyn Protocol>, Call), Failure> {
        // Java leaves a call with a broken method header unanswered for ever.
        let header = split_delimited(&mut body)
            .ok_or_else(|| invalid("RequestHeaderProto is missing or cut off"))?;
        let header: RequestHeaderProto =
            hadoop_proto::decode(header).map_err(|error| invalid(error.to_string()))?;
        let name = header.declaring_class_protocol_name;
        let version = header.client_protocol_version;
        let protocol =
            self.registry.find(&name, version).map_err(|unregistered| match unregistered {
                Unregistered::Protocol => unknown_protocol(&name),
                Unregistered::Version(server) => version_mismatch(&name, version, server),
            })?;
        let request = split_delimited(&mut body)
            .ok_or_else(|| invalid("the request message is missing or cut off"))?;
        Ok((protocol, Call { method: header.method_name, request, caller }))
    }
}

/// The reply to a call its handler failed.
pub(super) fn call_failure(error: CallError, method: &str, caller: &Caller) -> Failure {
    match error {
        CallError::Exception(exception) => {
            Failure { code: RpcErrorCodeProto::ErrorApplication, exception }
        }
        CallError::NoSuchMethod => {
            // Java prints the protocol of the connection, not of the call.
            let protocol = caller.protocol.as_deref().unwrap_or("null");
            let text = format!("Unknown method {method} called on {protocol} protocol.");
            Failure {
                code: RpcErrorCodeProto::ErrorNoSuchMethod,
                exception: RpcException::new(class_name::RPC_NO_SUCH_METHOD, text),
            }
        }
    }
}

fn unknown_protocol(name: &str) -> Failure {
    Failure {
        code: RpcErrorCodeProto::ErrorNoSuchProtocol,
        exception: RpcException::new(
            class_name::RPC_NO_SUCH_PROTOCOL,
            format!("Unknown protocol: {name}"),
        ),
    }
}

fn version_mismatch(name: &str, client: u64, server: u64) -> Failure {
    let text = format!("Protocol {name} version mismatch. (client = {client}, server = {server})");
    Failure {
        code: RpcErrorCodeProto::ErrorRpcVersionMismatch,
        exception: RpcException::new(class_name::RPC_VERSION_MISMATCH, text),
    }
}

fn invalid(message: impl Into<String>) -> Failure {
    Failure {
        code: RpcErrorCodeProto::ErrorApplication,
        exception: RpcException::new(class_name::INVALID_PROTOCOL_BUFFER, message),
    }
}
