//! Journal ids, nameservices and URLs that nobody should send.

use hadoop_proto::Message;
use hadoop_proto::qjournal::*;

use super::methods::{METHODS, Method};
use super::support::{Reply, requests};
use super::target::{Target, VICTIM, names};
use super::wire_fields::{Field, with_fields_at};

const ILLEGAL_ARGUMENT: &str = "java.lang.IllegalArgumentException";

/// Where the id is: in the journal id, or in the journal id of the request info.
fn id_path(method: &Method) -> &'static [u32] {
    if method.nested.contains(&&[1, 1][..]) { &[1, 1] } else { &[1] }
}

/// JN-041
#[test]
fn ids_that_would_leave_the_directory_are_refused_by_every_method() {
    let mut target = Target::start();
    let long = "x".repeat(256);
    for method in &METHODS {
        let body = (method.request)(VICTIM, 0);
        for id in ["", ".", "..", "../victim", "a/b", "/etc", ".hidden", "nul\0", &long] {
            let id_field = [Field::Bytes(1, id.as_bytes().to_vec())];
            let body = with_fields_at(&body, id_path(method), &id_field);
            let (class, message) = target.call(method, &body).refused();
            assert_eq!(class, ILLEGAL_ARGUMENT, "{} {id:?}", method.name);
            assert!(message.contains("bad journal id"), "{message}");
        }
    }
    target.assert_nothing_else_happened();
}

/// JN-042: asking creates nothing, and thousands of names cost nothing that lasts.
#[test]
fn unknown_ids_leave_no_trace() {
    let mut target = Target::start();
    for index in 0..5000 {
        let ask = requests::is_formatted(&format!("unknown-{index}"));
        let answer: IsFormattedResponseProto = target.connection.call("isFormatted", &ask).ok();
        assert!(!answer.is_formatted);
    }
    target.assert_nothing_else_happened();
}

/// Odd, but they are names.
#[test]
fn odd_ids_stay_in_their_directory_and_out_of_the_log_lines() {
    let mut target = Target::start();
    for id in ["a b", "ünï", "-rf", "a\nFORGED line", "\u{1b}[31mred", "a\\b", "~", "%2e%2e"] {
        target.connection.call("format", &requests::format(id, false)).ok::<()>();
        assert!(names(&target.config.edits()).contains(&id.to_owned()));
    }
    let log = target.node.log();
    assert!(!log.lines().any(|line| line.starts_with("FORGED")), "{log}");
    assert!(!log.contains('\u{1b}'), "{log}");
}

#[test]
fn a_nameservice_is_a_key_and_never_a_path() {
    let mut target = Target::start();
    for nameservice in ["", "../../escape", "/escape", "perm", "x\0", &"n".repeat(100_000)] {
        let mut format = requests::format(VICTIM, true);
        format.name_service_id = Some(nameservice.to_owned());
        target.connection.call("format", &format).ok::<()>();
    }
    target.assert_nothing_else_happened();
}

/// JN-092
#[test]
fn urls_that_cannot_be_fetched_are_refused_and_change_nothing() {
    let mut target = Target::start();
    target.renew_victim();
    let long = format!("http://127.0.0.1:1/{}", "x".repeat(100_000));
    let urls = [
        "",
        "http",
        "://",
        "no-scheme/x",
        "http://",
        "http://[::1",
        "http://127.0.0.1:99999/",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "https://127.0.0.1:1/x",
        "gopher://x",
        "http:///x",
        "http://127.0.0.1:1/ space",
        "http://127.0.0.1:1/\r\nHost: x",
        "\0",
        &long,
    ];
    for (serial, url) in (2..).zip(urls) {
        let accept = requests::accept(requests::info(VICTIM, 1, serial), (1, 9), url);
        let (class, message) = target.connection.call("acceptRecovery", &accept).refused();
        let expected = [
            "java.net.MalformedURLException",
            "java.net.ConnectException",
            "java.net.UnknownHostException",
        ];
        assert!(expected.contains(&class.as_str()), "{url:.40}: {class} {message:.200}");
        target.assert_unharmed();
    }
    let paxos = target.config.current(VICTIM).join("paxos");
    assert!(names(&paxos).is_empty());
    target.assert_nothing_else_happened();
}

/// Java replaces what is not UTF-8; here it is no message.
#[test]
fn text_that_is_not_utf_8_is_refused() {
    let mut target = Target::start();
    for method in &METHODS {
        let body = (method.request)(VICTIM, 0);
        let id_field = [Field::Bytes(1, vec![0xff, 0xfe])];
        let reply = target.call(method, &with_fields_at(&body, id_path(method), &id_field));
        assert!(matches!(reply, Reply::Exception { fatal: false, .. }), "{reply:?}");
    }
    let mut format = requests::format(VICTIM, true);
    format.ns_info.storage_info.cluster_id = "a=b\n#c\u{7}\\ü\0".to_owned();
    target.connection.call_with(METHODS[10].protocol, "format", &format.encode_to_vec()).ok::<()>();
    target.assert_nothing_else_happened();
}
