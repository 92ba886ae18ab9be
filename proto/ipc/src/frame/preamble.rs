use super::RPC_VERSION;

/// Length of the connection preamble: `hrpc`, version, service class, auth protocol.
pub const PREAMBLE_BYTES: usize = 7;

const MAGIC: [u8; 4] = *b"hrpc";
const HTTP_GET: [u8; 4] = *b"GET ";
const AUTH_NONE: i8 = 0;
const AUTH_SASL: i8 = -33;

/// How the client wants to say who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthProtocol {
    /// It claims a user name in its connection context.
    None,
    /// It negotiates with SASL first.
    Sasl,
}

/// What the first seven bytes of a connection say. Source: `Server.Connection.readAndProcess`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preamble {
    /// Version 9 with a known way to authenticate.
    Accepted(AuthProtocol),
    /// Somebody points a web browser at the port.
    HttpGet,
    /// Not Hadoop RPC, or another version of it: byte 4 taken as the client's version.
    BadVersion(i8),
    /// Version 9, but an unknown way to authenticate.
    UnknownAuth(i8),
}

impl Preamble {
    /// Judges seven bytes in Hadoop's order: HTTP, magic, version, auth protocol.
    pub fn parse(bytes: [u8; PREAMBLE_BYTES]) -> Self {
        let [m0, m1, m2, m3, version, _service_class, auth] = bytes;
        let magic = [m0, m1, m2, m3];
        if magic == HTTP_GET {
            return Self::HttpGet;
        }
        if magic != MAGIC || version != RPC_VERSION {
            return Self::BadVersion(version as i8);
        }
        match auth as i8 {
            AUTH_NONE => Self::Accepted(AuthProtocol::None),
            AUTH_SASL => Self::Accepted(AuthProtocol::Sasl),
            unknown => Self::UnknownAuth(unknown),
        }
    }

    /// The preamble of a client of this crate: service class 0, no authentication.
    pub fn simple_client() -> [u8; PREAMBLE_BYTES] {
        let [m0, m1, m2, m3] = MAGIC;
        [m0, m1, m2, m3, RPC_VERSION, 0, AUTH_NONE as u8]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_class_is_ignored() {
        // JN-001
        assert_eq!(Preamble::parse(*b"hrpc\x09\x00\x00"), Preamble::Accepted(AuthProtocol::None));
        assert_eq!(Preamble::parse(*b"hrpc\x09\x07\xdf"), Preamble::Accepted(AuthProtocol::Sasl));
    }

    #[test]
    fn get_is_recognised_before_magic() {
        assert_eq!(Preamble::parse(*b"GET /jm"), Preamble::HttpGet);
    }

    #[test]
    fn wrong_magic_is_judged_by_its_fifth_byte() {
        // JN-003: the fifth byte of `POST /` is a space.
        assert_eq!(Preamble::parse(*b"POST /x"), Preamble::BadVersion(b' ' as i8));
        assert_eq!(Preamble::parse(*b"xxxx\x09\x00\x00"), Preamble::BadVersion(9));
    }

    #[test]
    fn versions_are_signed() {
        // JN-004, JN-006
        assert_eq!(Preamble::parse(*b"hrpc\x0a\x00\x00"), Preamble::BadVersion(10));
        assert_eq!(Preamble::parse(*b"hrpc\xff\x00\x00"), Preamble::BadVersion(-1));
    }

    #[test]
    fn unknown_auth_is_signed() {
        // JN-007
        assert_eq!(Preamble::parse(*b"hrpc\x09\x00\x99"), Preamble::UnknownAuth(-103));
    }

    #[test]
    fn own_preamble_is_accepted() {
        let own = Preamble::simple_client();
        assert_eq!(Preamble::parse(own), Preamble::Accepted(AuthProtocol::None));
    }
}
