use bytes::{Buf, BufMut, Bytes, BytesMut};
use hadoop_proto::common::{
    RpcResponseHeaderProto, RpcSaslProto,
    rpc_response_header_proto::{RpcErrorCodeProto, RpcStatusProto},
    rpc_sasl_proto::SaslState,
};
use prost::Message;

use super::{CallId, RequestHeader, RpcException};
use crate::frame::{RPC_VERSION, delimited_len, put_delimited};

/// Retry count of replies that answer no call.
const NO_RETRY_COUNT: i32 = -1;

/// What a reply echoes of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseTo {
    /// The request's id.
    pub call_id: CallId,
    /// The caller's id; empty on connection-level replies.
    pub client_id: Bytes,
    /// The request's retry count; -1 on connection-level replies.
    pub retry_count: i32,
}

/// An ERROR or FATAL reply: which code, and which Java exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Goes into `errorDetail`.
    pub code: RpcErrorCodeProto,
    /// Goes into `exceptionClassName` and `errorMsg`.
    pub exception: RpcException,
}

/// One framed reply, ready to be written. A large body is never copied to join its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    head: Bytes,
    body: Bytes,
}

impl ResponseTo {
    /// For replies that answer the connection rather than a call.
    pub fn connection(call_id: CallId) -> Self {
        Self { call_id, client_id: Bytes::new(), retry_count: NO_RETRY_COUNT }
    }

    /// For replies to a packet that never became a call: Java forgets its client id.
    pub fn packet(header: &RequestHeader) -> Self {
        Self { call_id: header.call_id, client_id: Bytes::new(), retry_count: header.retry_count }
    }

    /// For replies to a call.
    pub fn call(header: &RequestHeader) -> Self {
        Self { client_id: header.client_id.clone(), ..Self::packet(header) }
    }

    fn header(&self, status: RpcStatusProto) -> RpcResponseHeaderProto {
        RpcResponseHeaderProto {
            call_id: self.call_id.0 as u32,
            status: status as i32,
            server_ipc_version_num: Some(u32::from(RPC_VERSION)),
            client_id: Some(self.client_id.clone()),
            retry_count: Some(self.retry_count),
            ..Default::default()
        }
    }
}

impl Response {
    /// A reply with an encoded, un-delimited message. An empty message is one zero byte.
    pub fn success(to: &ResponseTo, body: Bytes) -> Self {
        Self::with_body(&to.header(RpcStatusProto::Success), body)
    }

    /// The connection stays open after it.
    pub fn error(to: &ResponseTo, failure: &Failure) -> Self {
        Self::failure(to, RpcStatusProto::Error, failure)
    }

    /// The connection is closed after it.
    pub fn fatal(to: &ResponseTo, failure: &Failure) -> Self {
        Self::failure(to, RpcStatusProto::Fatal, failure)
    }

    /// A step of a SASL negotiation.
    pub fn sasl(message: &RpcSaslProto) -> Self {
        let to = ResponseTo::connection(CallId::SASL);
        Self::success(&to, message.encode_to_vec().into())
    }

    /// A wrapped reply: the token holds another, whole reply. Its header has two fields only.
    pub fn wrap(token: Bytes) -> Self {
        let header = RpcResponseHeaderProto {
            call_id: CallId::SASL.0 as u32,
            status: RpcStatusProto::Success as i32,
            ..Default::default()
        };
        let message = RpcSaslProto {
            state: SaslState::Wrap as i32,
            token: Some(token),
            ..Default::default()
        };
        Self::with_body(&header, message.encode_to_vec().into())
    }

    /// Bytes that are no RPC frame: the refusals of other protocols.
    pub fn raw(bytes: Bytes) -> Self {
        Self { head: bytes, body: Bytes::new() }
    }

    /// Length on the wire, the length field included.
    pub fn len(&self) -> usize {
        self.head.len() + self.body.len()
    }

    /// True if there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes, for a vectored write.
    pub fn into_buf(self) -> impl Buf {
        self.head.chain(self.body)
    }

    /// The bytes in one piece; copies.
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(self.len());
        out.put_slice(&self.head);
        out.put_slice(&self.body);
        out.freeze()
    }

    fn failure(to: &ResponseTo, status: RpcStatusProto, failure: &Failure) -> Self {
        let header = RpcResponseHeaderProto {
            exception_class_name: Some(failure.exception.class.to_string()),
            error_msg: Some(failure.exception.message.clone()),
            error_detail: Some(failure.code as i32),
            ..to.header(status)
        };
        let length = delimited_len(&header);
        let mut head = BytesMut::with_capacity(4 + length);
        head.put_u32(length as u32);
        put_delimited(&mut head, &header);
        Self::raw(head.freeze())
    }

    fn with_body(header: &RpcResponseHeaderProto, body: Bytes) -> Self {
        let delimiter = prost::length_delimiter_len(body.len());
        let header_length = delimited_len(header);
        let mut head = BytesMut::with_capacity(4 + header_length + delimiter);
        head.put_u32((header_length + delimiter + body.len()) as u32);
        put_delimited(&mut head, header);
        prost::encoding::encode_varint(body.len() as u64, &mut head);
        Self { head: head.freeze(), body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to() -> ResponseTo {
        ResponseTo {
            call_id: CallId(0),
            client_id: Bytes::from_static(&[
                0x9d, 0x4b, 0xdc, 0xa1, 0x50, 0xba, 0x47, 0x01, 0x9f, 0x8e, 0xb4, 0xbf, 0x12, 0x42,
                0xa2, 0x1f,
            ]),
            retry_count: 0,
        }
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn empty_reply_is_what_hadoop_wrote() {
        // JN-019; the bytes of a Java JournalNode.
        assert_eq!(
            hex(&Response::success(&to(), Bytes::new()).to_bytes()),
            "0000001c1a0800100018093a109d4bdca150ba47019f8eb4bf1242a21f400000"
        );
    }

    #[test]
    fn reply_with_a_body_is_what_hadoop_wrote() {
        // JN-019; newEpoch, call 8.
        let to = ResponseTo { call_id: CallId(8), ..to() };
        assert_eq!(
            hex(&Response::success(&to, Bytes::from_static(&[0x08, 0x04])).to_bytes()),
            "0000001e1a0808100018093a109d4bdca150ba47019f8eb4bf1242a21f4000020804"
        );
    }

    #[test]
    fn negative_call_ids_travel_as_twos_complement() {
        let reply = Response::sasl(&RpcSaslProto { state: 0, ..Default::default() }).to_bytes();
        // callId -33, SUCCESS, version 9, empty client id, retry -1; then state SUCCESS.
        assert_eq!(hex(&reply), "000000120e08dfffffff0f100018093a004001021000");
    }

    #[test]
    fn wrapped_reply_has_two_header_fields() {
        // JN-031
        let reply = Response::wrap(Bytes::from_static(b"t")).to_bytes();
        assert_eq!(hex(&reply), "0000000f0808dfffffff0f10000510051a0174");
    }

    #[test]
    fn failures_carry_no_body() {
        let failure = Failure {
            code: RpcErrorCodeProto::ErrorApplication,
            exception: RpcException::new("C", "m"),
        };
        let reply = Response::error(&to(), &failure).to_bytes();
        assert_eq!(
            hex(&reply),
            "0000002322080010011809220143\
             2a016d30013a109d4bdca150ba47019f8eb4bf1242a21f4000"
        );
    }
}
