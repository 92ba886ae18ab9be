use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use hadoop_proto::common::{
    IpcConnectionContextProto, RequestHeaderProto, RpcRequestHeaderProto, RpcResponseHeaderProto,
    UserInformationProto,
};
use hadoop_proto::{Bytes, Message};

pub const Q_JOURNAL: &str = "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol";
const CONTEXT: i32 = -3;
const PREAMBLE: [u8; 7] = [b'h', b'r', b'p', b'c', 9, 0, 0];
const PROTOBUF_KIND: i32 = 2;
const FINAL_PACKET: i32 = 0;
const SUCCESS: i32 = 0;
const PATIENCE: Duration = Duration::from_secs(10);
const CLIENT_ID: &[u8; 16] = b"raw-test-client.";
/// The only sizes a test asks for are small; a longer reply is a bug.
const MAX_REPLY_BYTES: usize = 8 << 20;

/// A connection whose calls may hold any bytes, read by nobody but the server.
pub struct RawConnection {
    stream: TcpStream,
    next_call: i32,
}

/// The answer to one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Success(Bytes),
    Exception { class: String, message: String, fatal: bool },
}

impl RawConnection {
    /// Connects as a NameNode does.
    pub fn open(address: SocketAddr) -> Self {
        Self::open_for(address, Q_JOURNAL)
    }

    pub fn open_for(address: SocketAddr, protocol: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        let context = IpcConnectionContextProto {
            user_info: Some(UserInformationProto {
                effective_user: Some("hdfs".to_owned()),
                real_user: None,
            }),
            protocol: Some(protocol.to_owned()),
        };
        let parts = [header(CONTEXT), context.encode_length_delimited_to_vec()].concat();
        let mut connection = Self { stream, next_call: 0 };
        connection.stream.write_all(&[&PREAMBLE[..], &framed(&parts)].concat()).unwrap();
        connection
    }

    /// A call of a well-formed message.
    pub fn call(&mut self, method: &str, request: &impl Message) -> Reply {
        self.call_with(Q_JOURNAL, method, &request.encode_to_vec())
    }

    /// A call whose message is whatever these bytes are.
    pub fn call_with(&mut self, protocol: &str, method: &str, body: &[u8]) -> Reply {
        self.send(protocol, method, body).unwrap();
        self.reply().unwrap()
    }

    pub fn send(&mut self, protocol: &str, method: &str, body: &[u8]) -> io::Result<()> {
        let packet = self.packet(protocol, method, body);
        self.stream.write_all(&packet)
    }

    fn packet(&mut self, protocol: &str, method: &str, body: &[u8]) -> Vec<u8> {
        let method = RequestHeaderProto {
            method_name: method.to_owned(),
            declaring_class_protocol_name: protocol.to_owned(),
            client_protocol_version: 1,
        };
        let body = Bytes::copy_from_slice(body).encode_to_delimited();
        let parts = [header(self.next_call), method.encode_length_delimited_to_vec(), body];
        self.next_call += 1;
        framed(&parts.concat())
    }

    /// Sends only the first half of a call; [`send_rest`](Self::send_rest) sends the other one.
    pub fn send_half(&mut self, method: &str, request: &impl Message) -> Vec<u8> {
        let packet = self.packet(Q_JOURNAL, method, &request.encode_to_vec());
        let (half, rest) = packet.split_at(packet.len() / 2);
        self.stream.write_all(half).unwrap();
        rest.to_vec()
    }

    pub fn send_rest(&mut self, rest: &[u8]) {
        self.stream.write_all(rest).unwrap();
    }

    /// The next reply, to whichever call.
    pub fn reply(&mut self) -> io::Result<Reply> {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        assert!(length <= MAX_REPLY_BYTES, "a reply of {length} bytes");
        let mut frame = vec![0; length];
        self.stream.read_exact(&mut frame)?;
        Ok(parse(frame.into()))
    }
}

impl Reply {
    /// The answer of a call that succeeded.
    pub fn ok<M: Message + Default>(self) -> M {
        match self {
            Self::Success(body) => M::decode(body).unwrap(),
            Self::Exception { .. } => panic!("refused: {self:?}"),
        }
    }

    /// Class and message of a call that did not.
    pub fn refused(self) -> (String, String) {
        match self {
            Self::Exception { class, message, .. } => (class, message),
            Self::Success(_) => panic!("succeeded: {self:?}"),
        }
    }
}

trait EncodeDelimited {
    fn encode_to_delimited(&self) -> Vec<u8>;
}

impl EncodeDelimited for Bytes {
    fn encode_to_delimited(&self) -> Vec<u8> {
        let mut out = Vec::new();
        prost::encode_length_delimiter(self.len(), &mut out).unwrap();
        out.extend_from_slice(self);
        out
    }
}

fn header(call_id: i32) -> Vec<u8> {
    let header = RpcRequestHeaderProto {
        rpc_kind: Some(PROTOBUF_KIND),
        rpc_op: Some(FINAL_PACKET),
        call_id,
        client_id: Bytes::from_static(CLIENT_ID),
        retry_count: Some(0),
        ..Default::default()
    };
    header.encode_length_delimited_to_vec()
}

fn framed(parts: &[u8]) -> Vec<u8> {
    [&(parts.len() as u32).to_be_bytes()[..], parts].concat()
}

/// Insists on a whole packet: header, then the message and nothing more.
fn parse(frame: Bytes) -> Reply {
    let mut rest = frame;
    let header = RpcResponseHeaderProto::decode_length_delimited(&mut rest).unwrap();
    if header.status == SUCCESS {
        let length = prost::decode_length_delimiter(&mut rest).unwrap();
        assert_eq!(rest.len(), length, "bytes after the message");
        return Reply::Success(rest);
    }
    assert!(rest.is_empty(), "bytes after an exception");
    let (Some(class), Some(message)) = (header.exception_class_name, header.error_msg) else {
        panic!("an exception without class or message");
    };
    Reply::Exception { class, message, fatal: header.status != 1 }
}
