use thiserror::Error;

/// What protects the packets after a negotiation; a bit of RFC 4752's mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Qop {
    /// Nothing more: the client has proved who it is.
    Auth = 1,
    /// Packets are signed.
    AuthInt = 2,
    /// Packets are signed and encrypted.
    AuthConf = 4,
}

/// The protections a server is ready for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QopMask(u8);

/// A word `hadoop.rpc.protection` does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("hadoop.rpc.protection: no protection named {0:?}")]
pub struct UnknownProtection(pub String);

impl Qop {
    /// False if packets travel as they are.
    pub fn wraps(self) -> bool {
        self != Self::Auth
    }
}

impl QopMask {
    /// Reads `hadoop.rpc.protection`: a comma list of `authentication`, `integrity` and
    /// `privacy`, in any case. An empty list means `authentication`.
    pub fn parse(protection: &str) -> Result<Self, UnknownProtection> {
        let mut mask = 0;
        for word in protection.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            mask |= match word.to_ascii_lowercase().as_str() {
                "authentication" => Qop::Auth as u8,
                "integrity" => Qop::AuthInt as u8,
                "privacy" => Qop::AuthConf as u8,
                _ => return Err(UnknownProtection(word.to_owned())),
            };
        }
        Ok(Self(if mask == 0 { Qop::Auth as u8 } else { mask }))
    }

    /// The mask as the wire has it.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The protection a client chose, if it is exactly one and among these.
    pub fn chosen(self, bits: u8) -> Option<Qop> {
        [Qop::Auth, Qop::AuthInt, Qop::AuthConf]
            .into_iter()
            .find(|qop| *qop as u8 == bits && self.0 & bits != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mask_follows_rpc_protection() {
        // JN-033
        let cases = [
            ("authentication", 1),
            ("integrity", 2),
            ("privacy", 4),
            ("authentication,privacy", 5),
            (" Authentication , INTEGRITY,privacy ", 7),
            ("", 1),
        ];
        for (text, bits) in cases {
            assert_eq!(QopMask::parse(text).unwrap().bits(), bits, "{text}");
        }
        assert_eq!(QopMask::parse("auth"), Err(UnknownProtection("auth".into())));
    }

    #[test]
    fn client_chooses_one_of_the_offered() {
        // JN-033
        let mask = QopMask::parse("authentication,privacy").unwrap();
        assert_eq!(mask.chosen(4), Some(Qop::AuthConf));
        assert_eq!(mask.chosen(2), None);
        assert_eq!(mask.chosen(5), None);
        assert_eq!(mask.chosen(0), None);
    }
}
