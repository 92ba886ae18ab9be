use bytes::Bytes;
use hadoop_proto::common::{
    RpcKindProto, RpcRequestHeaderProto, rpc_request_header_proto::OperationProto,
};
use thiserror::Error;

use super::CallId;
use crate::frame::split_delimited;

/// Java's default where a client sends no retry count.
const NO_RETRY_COUNT: i32 = -1;

/// The first message of every packet a client sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHeader {
    /// Pairs the reply with the request.
    pub call_id: CallId,
    /// Echoed. 16 bytes from a Hadoop client; any length is accepted.
    pub client_id: Bytes,
    /// Echoed.
    pub retry_count: i32,
    kind: Option<RpcKindProto>,
    operation: Option<OperationProto>,
}

/// A header that was understood and breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HeaderError {
    /// `rpcOp` is absent.
    #[error(" IPC Server: No rpc op in rpcRequestHeader")]
    NoOperation,
    /// `rpcOp` is a continuation or a close.
    #[error("IPC Server does not implement rpc header operation{}", .0.as_str_name())]
    Operation(OperationProto),
    /// `rpcKind` is absent.
    #[error(" IPC Server: No rpc kind in rpcRequestHeader")]
    NoKind,
    /// `rpcKind` is not protobuf.
    #[error("Unknown rpc kind in rpc header{}", .0.as_str_name())]
    Kind(RpcKindProto),
}

impl RequestHeader {
    /// Cuts the header off the front of a packet; the text says why there is none.
    pub fn split(packet: &mut Bytes) -> Result<Self, String> {
        let bytes = split_delimited(packet).ok_or("the packet ends inside the header")?;
        let header: RpcRequestHeaderProto =
            hadoop_proto::decode(bytes).map_err(|error| error.to_string())?;
        // A value outside the enum counts as absent, as in Java.
        Ok(Self {
            call_id: CallId(header.call_id),
            client_id: header.client_id,
            retry_count: header.retry_count.unwrap_or(NO_RETRY_COUNT),
            kind: header.rpc_kind.and_then(|kind| kind.try_into().ok()),
            operation: header.rpc_op.and_then(|operation| operation.try_into().ok()),
        })
    }

    /// The rules for every packet, in Hadoop's order (`Connection.checkRpcHeaders`).
    pub fn check(&self) -> Result<(), HeaderError> {
        match self.operation {
            None => Err(HeaderError::NoOperation),
            Some(OperationProto::RpcFinalPacket) if self.kind.is_none() => Err(HeaderError::NoKind),
            Some(OperationProto::RpcFinalPacket) => Ok(()),
            Some(other) => Err(HeaderError::Operation(other)),
        }
    }

    /// The rule for calls only: connection contexts may say any kind.
    pub fn check_kind(&self) -> Result<(), HeaderError> {
        match self.kind {
            Some(RpcKindProto::RpcProtocolBuffer) => Ok(()),
            Some(other) => Err(HeaderError::Kind(other)),
            None => Err(HeaderError::NoKind),
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use proptest::prelude::*;

    use super::*;
    use crate::frame::put_delimited;

    fn header() -> RpcRequestHeaderProto {
        RpcRequestHeaderProto {
            rpc_kind: Some(RpcKindProto::RpcProtocolBuffer as i32),
            rpc_op: Some(OperationProto::RpcFinalPacket as i32),
            call_id: 5,
            client_id: Bytes::from_static(b"0123456789abcdef"),
            ..Default::default()
        }
    }

    fn split(header: &RpcRequestHeaderProto) -> RequestHeader {
        let mut packet = BytesMut::new();
        put_delimited(&mut packet, header);
        RequestHeader::split(&mut packet.freeze()).unwrap()
    }

    #[test]
    fn absent_retry_count_is_minus_one() {
        assert_eq!(split(&header()).retry_count, -1);
    }

    #[test]
    fn operation_is_checked_before_kind() {
        // JN-012
        let cases = [
            (None, None, Err(HeaderError::NoOperation)),
            (Some(1), None, Err(HeaderError::Operation(OperationProto::RpcContinuationPacket))),
            (Some(7), Some(2), Err(HeaderError::NoOperation)),
            (Some(0), None, Err(HeaderError::NoKind)),
            (Some(0), Some(9), Err(HeaderError::NoKind)),
            (Some(0), Some(0), Ok(())),
        ];
        for (rpc_op, rpc_kind, expected) in cases {
            let parsed = split(&RpcRequestHeaderProto { rpc_op, rpc_kind, ..header() });
            assert_eq!(parsed.check(), expected);
        }
    }

    #[test]
    fn only_protobuf_calls_are_accepted() {
        // JN-012
        for kind in [RpcKindProto::RpcBuiltin, RpcKindProto::RpcWritable] {
            let parsed = split(&RpcRequestHeaderProto { rpc_kind: Some(kind as i32), ..header() });
            assert_eq!(parsed.check_kind(), Err(HeaderError::Kind(kind)));
        }
        assert_eq!(split(&header()).check_kind(), Ok(()));
    }

    proptest! {
        #[test]
        fn any_packet_is_split_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..128)) {
            let _ = RequestHeader::split(&mut Bytes::from(bytes));
        }
    }
}
