use std::sync::Arc;

use bytes::Bytes;
use hadoop_ipc::sasl::{
    GssContext, GssMechanism, GssStep, Mechanism, MechanismFactory, Offer, QopMask, SaslError,
};
use hadoop_ipc::server::ConnectionSettings;

use super::conversation::{LIMIT_BYTES, Step, converse};
use super::requests;

/// What `hadoop.rpc.protection` may say.
const PROTECTIONS: [&str; 4] =
    ["authentication", "integrity", "privacy", "authentication,integrity,privacy"];
/// Who the client is, once it has proved that.
const PRINCIPAL: &str = "nn/nn1.example.com@EXAMPLE.COM";
/// What a sealed token begins with.
const SEAL: u8 = b'S';
/// The only first token that is taken.
const TICKET: &[u8] = b"AP-REQ";

/// A server with Kerberos, whose cryptography is a byte in front. The first byte says in which
/// pieces the rest arrives, and what protects it.
pub(super) fn check(data: &[u8]) {
    let Some((how, stream)) = data.split_first() else { return };
    let settings = settings(PROTECTIONS[usize::from(how & 3)]);
    let steps = converse(&settings, stream, usize::MAX);
    let size = 1 + usize::from(how >> 2) * 7;
    assert_eq!(converse(&settings, stream, size), steps, "in pieces of {size} bytes");
    let mut authenticated = false;
    for step in steps {
        match step {
            Step::Authenticated => authenticated = true,
            Step::Wrap => assert!(authenticated, "wrapping before the end of the negotiation"),
            Step::Established(user) => check_user(authenticated, user.as_deref()),
            Step::Dispatch { user, body } => {
                check_user(authenticated, user.as_deref());
                requests::check(body);
            }
            Step::Reply(_) | Step::Failed | Step::Close(_) => {}
        }
    }
}

fn settings(protection: &str) -> ConnectionSettings {
    ConnectionSettings {
        max_data_length_bytes: LIMIT_BYTES,
        mechanism: Some(Arc::new(Kerberos::new(protection))),
        authorize: true,
    }
}

/// Nobody calls who has not proved a name, or under another one.
fn check_user(authenticated: bool, user: Option<&str>) {
    assert!(authenticated, "{user:?} came in without proof");
    assert_eq!(user, Some(PRINCIPAL));
}

struct Kerberos {
    offer: Offer,
    mask: QopMask,
}

impl Kerberos {
    fn new(protection: &str) -> Self {
        let offer = Offer {
            method: "KERBEROS".to_owned(),
            mechanism: "GSSAPI".to_owned(),
            protocol: "jn".to_owned(),
            server_id: "jn1.example.com".to_owned(),
        };
        let mask = QopMask::parse(protection).unwrap_or_else(|error| panic!("{error}"));
        Self { offer, mask }
    }
}

impl MechanismFactory for Kerberos {
    fn offer(&self) -> &Offer {
        &self.offer
    }

    fn start(&self) -> Result<Box<dyn Mechanism>, SaslError> {
        Ok(Box::new(GssMechanism::new(Arc::new(Context), self.mask)))
    }
}

struct Context;

impl GssContext for Context {
    fn accept(&self, token: &[u8]) -> Result<GssStep, SaslError> {
        if token != TICKET {
            return Err(SaslError::sasl("no ticket"));
        }
        Ok(GssStep { token: Some(Bytes::from_static(b"AP-REP")), complete: true })
    }

    fn peer(&self) -> Result<String, SaslError> {
        Ok(PRINCIPAL.to_owned())
    }

    fn wrap(&self, plain: &[u8], _confidential: bool) -> Result<Bytes, SaslError> {
        Ok([&[SEAL], plain].concat().into())
    }

    fn unwrap(&self, token: &[u8]) -> Result<Bytes, SaslError> {
        let plain = token.strip_prefix(&[SEAL]).ok_or_else(|| SaslError::sasl("no seal"))?;
        Ok(Bytes::copy_from_slice(plain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without it all of the corpus might end at the first message.
    #[test]
    fn the_corpus_has_negotiations_that_lead_to_calls() {
        let seeds: [(&str, &[u8], usize); 3] = [
            ("authentication", include_bytes!("../../fuzz/corpus/sasl/auth"), 1),
            ("privacy", include_bytes!("../../fuzz/corpus/sasl/privacy"), 2),
            ("privacy", include_bytes!("../../fuzz/corpus/sasl/unwrapped"), 0),
        ];
        for (protection, seed, calls) in seeds {
            let steps = converse(&settings(protection), &seed[1..], usize::MAX);
            let dispatched = steps.iter().filter(|step| matches!(step, Step::Dispatch { .. }));
            assert_eq!(dispatched.count(), calls, "{protection}: {steps:?}");
        }
    }
}
