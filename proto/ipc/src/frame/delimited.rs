use bytes::{BufMut, Bytes};
use prost::Message;

/// Longest varint that can hold a 32-bit length.
const MAX_LENGTH_VARINT_BYTES: usize = 5;

/// Cuts one delimited message off the front of `packet`: its bytes, without the delimiter.
/// Shares the packet's buffer. `None` if the delimiter is absent, malformed, or points past
/// the end; then `packet` is left as it was.
pub fn split_delimited(packet: &mut Bytes) -> Option<Bytes> {
    let mut length = 0_u64;
    for (index, byte) in packet.iter().take(MAX_LENGTH_VARINT_BYTES).enumerate() {
        length |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let start = index + 1;
            let end = start.checked_add(usize::try_from(length).ok()?)?;
            if end > packet.len() {
                return None;
            }
            let message = packet.slice(start..end);
            *packet = packet.slice(end..);
            return Some(message);
        }
    }
    None
}

/// Bytes a message takes with its delimiter.
pub fn delimited_len(message: &impl Message) -> usize {
    let length = message.encoded_len();
    prost::length_delimiter_len(length) + length
}

/// Appends a message with its delimiter.
pub fn put_delimited(out: &mut impl BufMut, message: &impl Message) {
    prost::encoding::encode_varint(message.encoded_len() as u64, out);
    message.encode_raw(out);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn empty_message_is_one_zero_byte() {
        let mut packet = Bytes::from_static(&[0]);
        assert_eq!(split_delimited(&mut packet), Some(Bytes::new()));
        assert!(packet.is_empty());
        assert_eq!(split_delimited(&mut packet), None);
    }

    #[test]
    fn delimiter_past_the_end_is_refused() {
        let mut packet = Bytes::from_static(&[3, 1, 2]);
        assert_eq!(split_delimited(&mut packet), None);
        assert_eq!(packet.len(), 3);
    }

    #[test]
    fn endless_varint_is_refused() {
        assert_eq!(split_delimited(&mut Bytes::from_static(&[0xff; 16])), None);
    }

    proptest! {
        #[test]
        fn any_bytes_split_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let mut packet = Bytes::from(bytes);
            while split_delimited(&mut packet).is_some() {}
        }

        #[test]
        fn messages_come_back_in_order(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..5)) {
            let mut out = Vec::new();
            for part in &parts {
                prost::encoding::encode_varint(part.len() as u64, &mut out);
                out.extend_from_slice(part);
            }
            let mut packet = Bytes::from(out);
            for part in &parts {
                prop_assert_eq!(split_delimited(&mut packet).unwrap(), part);
            }
            prop_assert!(packet.is_empty());
        }
    }
}
