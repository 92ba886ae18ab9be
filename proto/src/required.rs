use bytes::{Buf, Bytes};
use prost::Message;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
use thiserror::Error;

/// Nesting beyond this is refused. No Hadoop message nests deeper than four.
const MAX_DEPTH: usize = 16;

/// The required fields of a message, generated from its `.proto` file.
#[derive(Debug)]
pub struct Schema {
    /// Full protobuf name, for error texts.
    pub name: &'static str,
    /// Number and name of every required field, 63 at most.
    pub required: &'static [(u32, &'static str)],
    /// Number and schema of every field that is itself a message.
    pub nested: &'static [(u32, &'static Schema)],
}

/// A message whose required fields are known.
pub trait Required: Message + Default {
    /// The message's required and nested fields.
    const SCHEMA: &'static Schema;
}

/// Why bytes are not the message they should be. Java answers either case with
/// `InvalidProtocolBufferException`.
#[derive(Debug, Error)]
pub enum DecodeError {
    /// The bytes are no protobuf, or a field has the wrong wire type.
    #[error("{message}: {source}")]
    Malformed {
        /// Full name of the message.
        message: &'static str,
        /// What prost found.
        source: prost::DecodeError,
    },
    /// Java refuses a message without its required fields.
    #[error("Message missing required fields: {field} in {message}")]
    MissingRequired {
        /// Full name of the message that lacks the field.
        message: &'static str,
        /// Name of the first field found missing.
        field: &'static str,
    },
}

/// Decodes a message and checks, at every level, that its required fields are present.
///
/// Bytes fields of the result share `packet`'s buffer.
pub fn decode<M: Required>(packet: Bytes) -> Result<M, DecodeError> {
    check(M::SCHEMA, packet.clone(), MAX_DEPTH)?;
    M::decode(packet).map_err(|source| DecodeError::Malformed { message: M::SCHEMA.name, source })
}

/// Walks the fields of one message. `Bytes` slices are handed down, never copied.
fn check(schema: &Schema, mut packet: Bytes, depth: usize) -> Result<(), DecodeError> {
    let malformed = |source| DecodeError::Malformed { message: schema.name, source };
    if depth == 0 {
        return Err(malformed(truncated()));
    }
    let mut seen = 0_u64;
    while packet.has_remaining() {
        let (number, wire_type) = decode_key(&mut packet).map_err(malformed)?;
        if let Some(index) = schema.required.iter().position(|(required, _)| *required == number) {
            seen |= 1 << index;
        }
        let nested = schema.nested.iter().find(|(field, _)| *field == number);
        match (nested, wire_type) {
            (Some((_, inner)), WireType::LengthDelimited) => {
                let length = decode_varint(&mut packet).map_err(malformed)?;
                if length > packet.remaining() as u64 {
                    return Err(malformed(truncated()));
                }
                check(inner, packet.split_to(length as usize), depth - 1)?;
            }
            _ => skip_field(wire_type, number, &mut packet, DecodeContext::default())
                .map_err(malformed)?,
        }
    }
    match schema.required.get(seen.trailing_ones() as usize) {
        Some((_, field)) => Err(DecodeError::MissingRequired { message: schema.name, field }),
        None => Ok(()),
    }
}

/// prost offers no public constructor for its error; a length past the end makes one.
fn truncated() -> prost::DecodeError {
    match prost::decode_length_delimiter(&[][..]) {
        Err(error) => error,
        Ok(_) => unreachable!("an empty buffer holds no length"),
    }
}

// The generated table: one `impl Required` for each message.
include!(concat!(env!("OUT_DIR"), "/required.rs"));

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::common::RpcRequestHeaderProto;
    use crate::qjournal::{JournalIdProto, JournalRequestProto, RequestInfoProto};

    fn journal_request() -> JournalRequestProto {
        JournalRequestProto {
            req_info: RequestInfoProto {
                journal_id: JournalIdProto { identifier: "nsd1907".into() },
                epoch: 1,
                ipc_serial_number: 7,
                committed_tx_id: None,
                name_service_id: None,
            },
            first_txn_id: 4,
            num_txns: 1,
            records: Bytes::from_static(b"edits"),
            segment_txn_id: 4,
            name_service_id: None,
        }
    }

    #[test]
    fn records_share_the_packet() {
        let packet = Bytes::from(journal_request().encode_to_vec());
        let range = packet.as_ptr_range();
        let decoded: JournalRequestProto = decode(packet.clone()).unwrap();
        assert_eq!(decoded, journal_request());
        assert!(range.contains(&decoded.records.as_ptr()), "records were copied");
    }

    #[test]
    fn absent_required_field_is_named() {
        // callId alone, clientId missing.
        let error = decode::<RpcRequestHeaderProto>(Bytes::from_static(&[0x18, 0x02])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Message missing required fields: clientId in hadoop.common.RpcRequestHeaderProto"
        );
    }

    #[test]
    fn absent_required_field_of_a_nested_message_is_named() {
        // reqInfo present but empty.
        let error = decode::<JournalRequestProto>(Bytes::from_static(&[0x0a, 0x00])).unwrap_err();
        assert!(error.to_string().contains("hadoop.hdfs.qjournal.RequestInfoProto"), "{error}");
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_fail_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
            let _ = decode::<JournalRequestProto>(Bytes::from(bytes));
        }

        #[test]
        fn every_truncation_is_refused(cut in 0..journal_request().encoded_len()) {
            let bytes = journal_request().encode_to_vec();
            prop_assert!(decode::<JournalRequestProto>(Bytes::from(bytes).slice(..cut)).is_err());
        }
    }
}
