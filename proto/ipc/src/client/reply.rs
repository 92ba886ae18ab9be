use bytes::Bytes;
use hadoop_proto::common::{RpcResponseHeaderProto, rpc_response_header_proto::RpcStatusProto};

use super::{ClientError, RemoteException, request::ClientId};
use crate::{
    call::{CallId, RpcException},
    frame::split_delimited,
};

/// Where the message of a Java exception ends and its stack trace begins.
const STACK_TRACE: &str = "\n\tat ";

/// One frame from a server.
#[derive(Debug)]
pub(super) struct Reply {
    /// Which call it answers.
    pub(super) call_id: CallId,
    /// The encoded response message, or the exception; never a fatal one.
    pub(super) outcome: Result<Bytes, RemoteException>,
}

impl Reply {
    /// Reads a frame. An error is the end of the connection: what follows cannot be trusted,
    /// or the server said FATAL. Source: `Client.Connection.receiveRpcResponse`.
    pub(super) fn parse(mut frame: Bytes, client_id: ClientId) -> Result<Self, ClientError> {
        let header = split_delimited(&mut frame)
            .ok_or_else(|| ClientError::malformed("the frame ends inside the header"))?;
        let header: RpcResponseHeaderProto = hadoop_proto::decode(header)?;
        check_client_id(header.client_id.as_deref().unwrap_or_default(), client_id)?;
        let call_id = CallId(header.call_id as i32);
        let outcome = match RpcStatusProto::try_from(header.status) {
            Ok(RpcStatusProto::Success) => Ok(split_delimited(&mut frame)
                .ok_or_else(|| ClientError::malformed("the frame ends inside the message"))?),
            Ok(RpcStatusProto::Error) => Err(exception(header, false)),
            Ok(RpcStatusProto::Fatal) => return Err(ClientError::Remote(exception(header, true))),
            Err(_) => return Err(ClientError::malformed("unknown status")),
        };
        if !frame.is_empty() {
            return Err(ClientError::malformed("RPC response length mismatch"));
        }
        Ok(Self { call_id, outcome })
    }
}

fn check_client_id(echoed: &[u8], own: ClientId) -> Result<(), ClientError> {
    if echoed.is_empty() || echoed == own {
        return Ok(());
    }
    Err(ClientError::malformed("the response is for another client"))
}

fn exception(header: RpcResponseHeaderProto, fatal: bool) -> RemoteException {
    let mut message = header.error_msg.unwrap_or_default();
    if let Some(end) = message.find(STACK_TRACE) {
        message.truncate(end);
    }
    RemoteException {
        code: header.error_detail.and_then(|code| code.try_into().ok()),
        exception: RpcException::new(header.exception_class_name.unwrap_or_default(), message),
        fatal,
    }
}

#[cfg(test)]
mod tests {
    use hadoop_proto::common::rpc_response_header_proto::RpcErrorCodeProto;
    use proptest::prelude::*;

    use super::*;
    use crate::call::{Failure, Response, ResponseTo, class_name};

    const ID: ClientId = [7; 16];

    fn to(client_id: &'static [u8]) -> ResponseTo {
        ResponseTo { call_id: CallId(3), client_id: Bytes::from_static(client_id), retry_count: 0 }
    }

    fn frame(response: &Response) -> Bytes {
        response.to_bytes().slice(4..)
    }

    fn failure() -> Failure {
        Failure {
            code: RpcErrorCodeProto::ErrorApplication,
            exception: RpcException::new(class_name::IO, "disk"),
        }
    }

    #[test]
    fn success_is_the_message() {
        let reply = Reply::parse(frame(&Response::success(&to(&ID), "m".into())), ID).unwrap();
        assert_eq!((reply.call_id, reply.outcome), (CallId(3), Ok("m".into())));
    }

    #[test]
    fn error_belongs_to_its_call_and_fatal_to_the_connection() {
        let error = Reply::parse(frame(&Response::error(&to(b""), &failure())), ID).unwrap();
        let remote = error.outcome.unwrap_err();
        assert_eq!(remote.exception, failure().exception);
        assert!(!remote.fatal);
        let fatal = Reply::parse(frame(&Response::fatal(&to(b""), &failure())), ID).unwrap_err();
        assert!(matches!(fatal, ClientError::Remote(RemoteException { fatal: true, .. })));
    }

    #[test]
    fn java_stack_traces_are_cut_off() {
        // JN-023, from the client's side
        let message =
            "two\nlines\n\tat org.example.A.b(A.java:1)\n\tat org.example.C.d(C.java:2)\n";
        let failure =
            Failure { exception: RpcException::new(class_name::IO, message), ..failure() };
        let reply = Reply::parse(frame(&Response::error(&to(&ID), &failure)), ID).unwrap();
        assert_eq!(reply.outcome.unwrap_err().exception.message, "two\nlines");
    }

    #[test]
    fn foreign_client_id_and_trailing_bytes_end_the_connection() {
        let foreign = Response::success(&to(b"other"), Bytes::new());
        assert!(Reply::parse(frame(&foreign), ID).is_err());
        let mut trailing = frame(&Response::success(&to(&ID), Bytes::new())).to_vec();
        trailing.push(0);
        assert!(Reply::parse(trailing.into(), ID).is_err());
    }

    proptest! {
        #[test]
        fn any_frame_is_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..128)) {
            let _ = Reply::parse(Bytes::from(bytes), ID);
        }
    }
}
