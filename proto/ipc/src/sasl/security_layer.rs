use super::{Qop, QopMask, SaslError};

/// Largest buffer the server claims to take, as Java's: 64 KiB. Clients ignore it.
const MAX_BUFFER_BYTES: u32 = 0x01_00_00;

/// The last challenge of RFC 4752, before it is wrapped: mask and 24-bit buffer size.
pub fn security_layer_offer(mask: QopMask) -> [u8; 4] {
    let [_, high, middle, low] = MAX_BUFFER_BYTES.to_be_bytes();
    [mask.bits(), high, middle, low]
}

/// What the client answers to it, unwrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityLayerChoice {
    /// The chosen protection.
    pub qop: Qop,
    /// Largest wrapped token the client takes, in bytes.
    pub max_buffer_bytes: u32,
    /// Whom the client wants to act as; must be itself.
    pub authorization_id: Option<String>,
}

impl SecurityLayerChoice {
    /// Reads the client's answer by RFC 4752's rules.
    pub fn parse(bytes: &[u8], offered: QopMask) -> Result<Self, SaslError> {
        let Some(([bits, high, middle, low], authorization_id)) = bytes.split_first_chunk::<4>()
        else {
            return Err(SaslError::sasl("the client's security layer is too short"));
        };
        let qop = offered.chosen(*bits).ok_or_else(|| {
            SaslError::sasl(format!("the client chose a security layer not offered: {bits}"))
        })?;
        let authorization_id = match authorization_id {
            [] => None,
            name => Some(
                String::from_utf8(name.to_vec())
                    .map_err(|_| SaslError::sasl("the client's authorization id is not UTF-8"))?,
            ),
        };
        let max_buffer_bytes = u32::from_be_bytes([0, *high, *middle, *low]);
        Ok(Self { qop, max_buffer_bytes, authorization_id })
    }

    /// A client may name itself and nobody else.
    pub fn check_authorization_id(&self, user: &str) -> Result<(), SaslError> {
        match &self.authorization_id {
            Some(wanted) if wanted != user => {
                Err(SaslError::sasl(format!("{user} is not authorized to connect as {wanted}")))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offer_is_mask_and_64_kib() {
        // JN-033
        let mask = QopMask::parse("authentication,privacy").unwrap();
        assert_eq!(security_layer_offer(mask), [5, 1, 0, 0]);
    }

    #[test]
    fn answer_is_read_with_and_without_authorization_id() {
        let mask = QopMask::parse("integrity").unwrap();
        let plain = SecurityLayerChoice::parse(&[2, 0, 255, 0], mask).unwrap();
        assert_eq!((plain.qop, plain.max_buffer_bytes), (Qop::AuthInt, 0xff00));
        assert_eq!(plain.check_authorization_id("nn/a@R"), Ok(()));
        let named = SecurityLayerChoice::parse(b"\x02\x00\x00\x00nn/a@R", mask).unwrap();
        assert_eq!(named.check_authorization_id("nn/a@R"), Ok(()));
        assert!(named.check_authorization_id("nn/b@R").is_err());
    }

    #[test]
    fn short_unoffered_or_garbled_answers_are_refused() {
        let mask = QopMask::parse("integrity").unwrap();
        for bytes in [&b""[..], b"\x02\x00\x00", b"\x01\x00\x00\x00", b"\x02\x00\x00\x00\xff"] {
            assert!(SecurityLayerChoice::parse(bytes, mask).is_err(), "{bytes:?}");
        }
    }
}
