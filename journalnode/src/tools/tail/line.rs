use hadoop_proto::inspect::v1::Transaction;
use serde_json::{Value, json};

use crate::editlog::opcode_name;

/// The JSON line of a transaction.
pub(super) fn json(transaction: &Transaction) -> Value {
    let Transaction { txid, opcode, length_bytes, checksum, segment, .. } = transaction;
    let name = u8::try_from(*opcode).ok().and_then(opcode_name);
    json!({
        "txid": txid,
        "opcode": opcode,
        "operation": name.map_or_else(|| format!("opcode {opcode}"), str::to_owned),
        "length": length_bytes,
        "checksum": format!("{checksum:08x}"),
        "segment": segment,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_named_as_hadoop_names_it() {
        let transaction = Transaction {
            txid: 7,
            opcode: 24,
            length_bytes: 17,
            checksum: 0xab,
            segment: Some(7),
            operation: Default::default(),
        };
        let expected = json!({
            "txid": 7, "opcode": 24, "operation": "OP_START_LOG_SEGMENT", "length": 17,
            "checksum": "000000ab", "segment": 7,
        });
        assert_eq!(json(&transaction), expected);
        let newer = Transaction { opcode: 300, segment: None, ..transaction };
        assert_eq!(json(&newer)["operation"], "opcode 300");
        assert_eq!(json(&newer)["segment"], Value::Null);
    }
}
