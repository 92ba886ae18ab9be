use bytes::Bytes;
use hadoop_proto::Required;

use super::{CallError, RpcException, class_name};

/// Decodes the request of a call. Bytes fields share the packet's buffer.
///
/// Anything that is not the message, its required fields included, is Java's
/// `InvalidProtocolBufferException`.
pub fn decode_request<M: Required>(request: Bytes) -> Result<M, CallError> {
    hadoop_proto::decode(request).map_err(|error| {
        RpcException::new(class_name::INVALID_PROTOCOL_BUFFER, error.to_string()).into()
    })
}
