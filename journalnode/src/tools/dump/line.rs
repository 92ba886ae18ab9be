use serde_json::{Value, json};

use crate::editlog::{Damage, Record, opcode_name};

/// Hadoop's name of an opcode, or its number.
fn name(opcode: u8) -> String {
    opcode_name(opcode).map_or_else(|| format!("opcode {opcode}"), str::to_owned)
}

/// The line of an operation for people; `None` for all else.
pub(super) fn op_text(record: &Record) -> Option<String> {
    let Record::Op { offset, len_bytes, opcode, txid } = record else { return None };
    Some(format!("{txid:>19} {offset:>12} {len_bytes:>9}  ok        {}", name(*opcode)))
}

/// What a damaged stretch is, for people.
pub(super) fn damage_text(
    offset: u64,
    reason: &Damage,
    after: Option<i64>,
    resumes_at: Option<u64>,
) -> String {
    let after = after.map_or_else(|| "before the first one".to_owned(), |t| format!("after {t}"));
    let next = resumes_at
        .map_or_else(|| "none follows".to_owned(), |at| format!("the next one is at byte {at}"));
    format!("no operation at byte {offset}, {after}: {reason}; {next}")
}

/// The JSON line of a record.
pub(super) fn json(record: &Record) -> Value {
    match record {
        Record::Op { offset, len_bytes, opcode, txid } => json!({
            "txid": txid,
            "offset": offset,
            "length": len_bytes,
            "opcode": opcode,
            "operation": name(*opcode),
            "checksum_ok": true,
        }),
        Record::Damage { offset, resumes_at, reason } => json!({
            "damage": reason.to_string(),
            "offset": offset,
            "resumes_at": resumes_at,
            "checksum_ok": false,
        }),
        Record::Padding { offset, len_bytes, stray } => json!({
            "end": true,
            "offset": offset,
            "padding": len_bytes,
            "stray_byte_at": stray,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_named_as_hadoop_names_it() {
        let op = Record::Op { offset: 8, len_bytes: 17, opcode: 24, txid: 1 };
        assert_eq!(json(&op)["operation"], "OP_START_LOG_SEGMENT");
        assert!(op_text(&op).unwrap().ends_with("ok        OP_START_LOG_SEGMENT"));
        let unknown = Record::Op { offset: 8, len_bytes: 17, opcode: 99, txid: 1 };
        assert_eq!(json(&unknown)["operation"], "opcode 99");
    }

    #[test]
    fn damage_says_between_which_operations_it_is() {
        let text = damage_text(50, &Damage::Checksum, Some(7), Some(90));
        assert_eq!(
            text,
            "no operation at byte 50, after 7: the checksum is wrong; the next one is at byte 90"
        );
        let text = damage_text(8, &Damage::CutOff, None, None);
        assert!(text.contains("before the first one") && text.contains("none follows"), "{text}");
    }
}
