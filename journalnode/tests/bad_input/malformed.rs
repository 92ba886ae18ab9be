//! JN-022: messages that are none.

use super::methods::METHODS;
use super::support::Reply;
use super::target::{Target, VICTIM};
use super::wire_fields::{fields_at, with_fields_at};

const INVALID: &str = "org.apache.hadoop.thirdparty.protobuf.InvalidProtocolBufferException";

#[track_caller]
fn assert_invalid(reply: Reply, what: &str) {
    match reply {
        Reply::Exception { class, fatal: false, .. } if class == INVALID => {}
        other => panic!("{what}: {other:?}"),
    }
}

#[test]
fn every_required_field_is_required_at_every_depth() {
    let mut target = Target::start();
    for method in &METHODS {
        let body = (method.request)(VICTIM, 0);
        for path in method.paths() {
            let fields = fields_at(&body, path);
            for index in 0..fields.len() {
                let mut rest = fields.clone();
                let gone = rest.remove(index);
                let what = format!("{} without {path:?}.{}", method.name, gone.number());
                let reply = target.call(method, &with_fields_at(&body, path, &rest));
                assert_invalid(reply, &what);
            }
        }
        target.assert_unharmed();
    }
    target.assert_nothing_else_happened();
}

#[test]
fn a_field_of_another_wire_type_is_no_field() {
    let mut target = Target::start();
    for method in &METHODS {
        let body = (method.request)(VICTIM, 0);
        for path in method.paths() {
            let fields = fields_at(&body, path);
            for index in 0..fields.len() {
                let mut other = fields.clone();
                other[index] = fields[index].of_other_type();
                let what = format!("{} {path:?}.{}", method.name, fields[index].number());
                let reply = target.call(method, &with_fields_at(&body, path, &other));
                assert_invalid(reply, &what);
            }
        }
    }
    target.assert_nothing_else_happened();
}

#[test]
fn a_message_cut_anywhere_is_refused() {
    let mut target = Target::start();
    for method in &METHODS {
        let body = (method.request)(VICTIM, 0);
        for length in 0..body.len() {
            let what = format!("{} cut to {length} bytes", method.name);
            assert_invalid(target.call(method, &body[..length]), &what);
        }
    }
    target.assert_nothing_else_happened();
}

/// Lengths that promise more than there is, and varints that never end.
#[test]
fn lengths_that_lie_allocate_nothing() {
    let mut target = Target::start();
    for method in &METHODS {
        for body in [
            &[0x0a, 0xff, 0xff, 0xff, 0xff, 0x07][..],
            &[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            &[0xff; 16],
            &[0x0a, 0x80],
            &[0x0b; 200],
            &[0x00, 0x00],
        ] {
            assert_invalid(target.call(method, body), method.name);
        }
    }
    target.assert_nothing_else_happened();
}

/// What a newer NameNode may send is skipped.
#[test]
fn fields_that_nobody_knows_are_skipped() {
    let mut target = Target::start();
    target.renew_victim();
    let unknown = [0xf8, 0x3f, 0x01, 0xfa, 0x3f, 0x01, b'x'];
    for method in &METHODS {
        let longer = [&(method.request)(VICTIM, 0)[..], &unknown].concat();
        if let Reply::Exception { class, .. } = target.call(method, &longer) {
            assert_ne!(class, INVALID, "{}", method.name);
        }
    }
    target.assert_nothing_else_happened();
}
