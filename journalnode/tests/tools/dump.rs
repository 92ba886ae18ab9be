use std::ffi::OsString;

use serde_json::json;

use super::golden_copy::GoldenCopy;
use super::ran::{Ran, tool};

const FIRST: &str = "edits_0000000000000000001-0000000000000000007";

fn dump(copy: &GoldenCopy, name: &str, options: &[&str]) -> Ran {
    let mut arguments: Vec<OsString> = vec!["dump".into(), copy.file(name).into()];
    arguments.extend(options.iter().map(Into::into));
    tool(arguments)
}

#[test]
fn operations_are_listed_with_hadoops_names() {
    let copy = GoldenCopy::of("live");
    let ran = dump(&copy, FIRST, &[]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    let lines: Vec<_> = ran.out.lines().collect();
    assert!(lines[0].ends_with("layout version -67"), "{}", ran.out);
    assert!(lines[2].ends_with("OP_START_LOG_SEGMENT"), "{}", ran.out);
    assert!(lines[8].ends_with("OP_END_LOG_SEGMENT"), "{}", ran.out);
    assert!(lines[9].starts_with("7 operations, 1 to 7; 0 damaged"), "{}", ran.out);
}

#[test]
fn json_has_a_line_for_each_operation_and_the_end() {
    let copy = GoldenCopy::of("live");
    let lines = dump(&copy, FIRST, &["--json"]).json_lines();
    assert_eq!(lines.len(), 8);
    let expected = json!({
        "txid": 1, "offset": 8, "length": 17, "opcode": 24,
        "operation": "OP_START_LOG_SEGMENT", "checksum_ok": true,
    });
    assert_eq!(lines[0], expected);
    assert_eq!(lines[7], json!({"end": true, "offset": 394, "padding": 0, "stray_byte_at": null}));
}

#[test]
fn padding_of_an_open_segment_is_the_end() {
    let copy = GoldenCopy::of("live");
    let lines = dump(&copy, "edits_inprogress_0000000000000007916", &["--json"]).json_lines();
    let [.., last, end] = &lines[..] else { panic!() };
    assert_eq!((&last["txid"], &end["end"]), (&json!(8257), &json!(true)));
    assert!(end["padding"].as_u64().unwrap() > 0);
}

#[test]
fn damage_ends_the_list_unless_all_is_asked_for() {
    let copy = GoldenCopy::of("live");
    copy.change(FIRST, |content| content[30] ^= 1);
    let ran = dump(&copy, FIRST, &[]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("no operation at byte 25, after 1: "), "{}", ran.err);
    assert!(ran.err.contains("--all"), "{}", ran.err);
    assert!(ran.out.contains("1 operations, 1 to 1; 1 damaged"), "{}", ran.out);

    let ran = dump(&copy, FIRST, &["--all", "--json"]);
    let lines = ran.json_lines();
    assert_eq!(ran.status, 1);
    assert_eq!(lines[1]["checksum_ok"], false);
    assert_eq!(lines[1]["resumes_at"], lines[2]["offset"]);
    assert_eq!(lines[6]["txid"], 7);
}

#[test]
fn what_is_no_edits_file_is_said_to_be_none() {
    let copy = GoldenCopy::of("live");
    let ran = dump(&copy, "VERSION", &[]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("the header is missing or damaged"), "{}", ran.err);
    let ran = dump(&copy, "no-such-file", &[]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("cannot open") && ran.err.contains("no-such-file"), "{}", ran.err);
    assert_eq!(tool(["dump"]).status, 2);
}
