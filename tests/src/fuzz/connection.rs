use hadoop_ipc::server::ConnectionSettings;

use super::conversation::{LIMIT_BYTES, Step, converse};
use super::requests;

/// A server without SASL. The first byte says in which pieces the rest arrives, and whether
/// callers are asked for their rights.
pub(super) fn check(data: &[u8]) {
    let Some((how, stream)) = data.split_first() else { return };
    let authorize = how & 1 == 1;
    let settings =
        ConnectionSettings { max_data_length_bytes: LIMIT_BYTES, mechanism: None, authorize };
    let steps = converse(&settings, stream, usize::MAX);
    let size = 1 + usize::from(how >> 1) * 7;
    assert_eq!(converse(&settings, stream, size), steps, "in pieces of {size} bytes");
    let mut established = false;
    for step in steps {
        match step {
            Step::Established(_) => established = true,
            Step::Dispatch { body, .. } => {
                assert!(established, "a call before its connection has a user");
                requests::check(body);
            }
            Step::Wrap | Step::Authenticated => panic!("{step:?} without SASL"),
            Step::Reply(_) | Step::Failed | Step::Close(_) => {}
        }
    }
}
