use bytes::{BufMut, Bytes, BytesMut};

use crate::call::class_name;

/// What a web browser reads when it is pointed at the RPC port.
pub fn http_refusal() -> Bytes {
    Bytes::from_static(
        b"HTTP/1.1 404 Not Found\r\n\
          Content-type: text/plain\r\n\r\n\
          It looks like you are making an HTTP request to a Hadoop IPC port. \
          This is not the correct port for the web interface on this daemon.\r\n",
    )
}

/// The unframed refusal a client of RPC version 2 to 8 can read; `None` for versions that
/// understand nothing (0, 1, negative). Versions from 9 on read an ordinary FATAL reply.
///
/// Source: `Server.Connection.setupBadVersionResponse`.
pub fn old_version_refusal(version: i8, message: &str) -> Option<Bytes> {
    let mut out = BytesMut::new();
    match version {
        3..=8 => {
            out.put_i32(-1); // call id
            out.put_i32(-1); // status FATAL
        }
        2 => {
            out.put_i32(0); // call id
            out.put_u8(1); // error flag
        }
        _ => return None,
    }
    put_writable_string(&mut out, class_name::RPC_VERSION_MISMATCH);
    put_writable_string(&mut out, message);
    Some(out.freeze())
}

/// Hadoop's `WritableUtils.writeString`: big-endian length, then UTF-8.
fn put_writable_string(out: &mut BytesMut, text: &str) {
    out.put_i32(text.len() as i32);
    out.put_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_three_to_eight_get_two_minus_ones() {
        // JN-005
        for version in 3..=8 {
            let reply = old_version_refusal(version, "no").unwrap();
            assert_eq!(&reply[..8], &[0xff; 8]);
            assert_eq!(&reply[8..12], &41_i32.to_be_bytes());
            assert_eq!(&reply[12..53], class_name::RPC_VERSION_MISMATCH.as_bytes());
            assert_eq!(&reply[53..], b"\x00\x00\x00\x02no");
        }
    }

    #[test]
    fn version_two_gets_id_and_flag() {
        // JN-006
        let reply = old_version_refusal(2, "no").unwrap();
        assert_eq!(&reply[..5], &[0, 0, 0, 0, 1]);
    }

    #[test]
    fn older_and_negative_versions_get_nothing() {
        // JN-006
        for version in [0, 1, -1, -128] {
            assert_eq!(old_version_refusal(version, "no"), None);
        }
    }
}
