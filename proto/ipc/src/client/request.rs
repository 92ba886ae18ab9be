use bytes::{BufMut, Bytes, BytesMut};
use hadoop_proto::{
    Message,
    common::{
        IpcConnectionContextProto, RequestHeaderProto, RpcKindProto, RpcRequestHeaderProto,
        UserInformationProto, rpc_request_header_proto::OperationProto,
    },
};

use super::ClientOptions;
use crate::{
    call::CallId,
    frame::{Preamble, delimited_len, put_delimited},
};

/// A client's name for itself, so that servers can tell a repeated call.
pub(super) type ClientId = [u8; 16];

/// Retry count of packets that are no calls.
const NO_RETRY_COUNT: i32 = -1;

/// What opens a connection: preamble and connection context.
pub(super) fn opening(client_id: ClientId, options: &ClientOptions) -> Bytes {
    let context = IpcConnectionContextProto {
        user_info: options
            .user
            .clone()
            .map(|user| UserInformationProto { effective_user: Some(user), real_user: None }),
        protocol: Some(options.protocol.clone()),
    };
    let header = header(CallId::CONTEXT, client_id, NO_RETRY_COUNT);
    let mut out = BytesMut::from(&Preamble::simple_client()[..]);
    out.put_u32((delimited_len(&header) + delimited_len(&context)) as u32);
    put_delimited(&mut out, &header);
    put_delimited(&mut out, &context);
    out.freeze()
}

/// One call.
pub(super) fn call(
    client_id: ClientId,
    call_id: CallId,
    options: &ClientOptions,
    method: &str,
    request: &impl Message,
) -> Bytes {
    let header = header(call_id, client_id, 0);
    let method = RequestHeaderProto {
        method_name: method.to_owned(),
        declaring_class_protocol_name: options.protocol.clone(),
        client_protocol_version: options.version,
    };
    let length = delimited_len(&header) + delimited_len(&method) + delimited_len(request);
    let mut out = BytesMut::with_capacity(4 + length);
    out.put_u32(length as u32);
    put_delimited(&mut out, &header);
    put_delimited(&mut out, &method);
    put_delimited(&mut out, request);
    out.freeze()
}

/// A sign of life that wants no reply.
pub(super) fn ping(client_id: ClientId) -> Bytes {
    let header = header(CallId::PING, client_id, NO_RETRY_COUNT);
    let mut out = BytesMut::new();
    out.put_u32(delimited_len(&header) as u32);
    put_delimited(&mut out, &header);
    out.freeze()
}

fn header(call_id: CallId, client_id: ClientId, retry_count: i32) -> RpcRequestHeaderProto {
    RpcRequestHeaderProto {
        rpc_kind: Some(RpcKindProto::RpcProtocolBuffer as i32),
        rpc_op: Some(OperationProto::RpcFinalPacket as i32),
        call_id: call_id.0,
        client_id: Bytes::copy_from_slice(&client_id),
        retry_count: Some(retry_count),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use hadoop_proto::qjournal::FormatRequestProto;

    use super::*;
    use crate::frame::split_delimited;

    const SESSION: &str = include_str!("../../tests/golden/rpc-paxos-session.txt");

    fn golden_first_write() -> Vec<u8> {
        let line = SESSION.lines().find_map(|line| line.strip_prefix("C ")).unwrap();
        let pair = |at| u8::from_str_radix(&line[at..at + 2], 16).unwrap();
        (0..line.len()).step_by(2).map(pair).collect()
    }

    #[test]
    fn first_write_is_what_a_java_client_wrote() {
        // JN-001, from the client's side
        let golden = golden_first_write();
        let client_id: ClientId = golden[20..36].try_into().unwrap();
        let protocol = "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol";
        let options = ClientOptions::new(protocol, 1, Some("root".into()));
        let opening = opening(client_id, &options);
        assert_eq!(golden[..opening.len()], opening);

        let mut packet = Bytes::copy_from_slice(&golden[opening.len() + 4..]);
        let [_, _, message] = [(); 3].map(|()| split_delimited(&mut packet).unwrap());
        let request: FormatRequestProto = hadoop_proto::decode(message).unwrap();
        let call = call(client_id, CallId(0), &options, "format", &request);
        assert_eq!(golden[opening.len()..], call);
    }

    #[test]
    fn ping_is_a_header_alone() {
        let ping = ping([0; 16]);
        assert_eq!(ping[..11], [0, 0, 0, 27, 26, 8, 2, 16, 0, 24, 7]);
    }
}
