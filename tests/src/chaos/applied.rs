use std::collections::HashMap;

use super::{Operation, OperationKind, Replica, Transaction};

/// Opcodes of Hadoop's log.
const OP_ADD: u8 = 0;
const OP_RENAME_OLD: u8 = 1;
const OP_MKDIR: u8 = 3;
/// What a rename renames.
const FROM: &str = ".from";

/// Where each operation of the clients is in the log.
#[derive(Debug, Default)]
pub struct Applied {
    txids: HashMap<(u8, String), Vec<u64>>,
}

impl Applied {
    /// All that concerns paths in `folder`.
    pub fn of(replica: &Replica, folder: &str) -> Self {
        let mut applied = Self::default();
        for (txid, transaction) in &replica.transactions {
            if let Some(name) = name_in(transaction, folder) {
                applied.txids.entry((transaction.opcode, name)).or_default().push(*txid);
            }
        }
        applied
    }

    /// The transactions of one operation.
    pub fn txids(&self, operation: &Operation) -> &[u64] {
        let name = operation.name.as_str();
        let key = match operation.kind {
            OperationKind::Mkdir => (OP_MKDIR, name.to_owned()),
            OperationKind::Create => (OP_ADD, name.to_owned()),
            OperationKind::Rename => (OP_RENAME_OLD, format!("{name}{FROM}")),
        };
        self.txids.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// The first path of a transaction, without the folder. Paths are of letters, digits, `-` and `.`.
fn name_in(transaction: &Transaction, folder: &str) -> Option<String> {
    let before = format!("{folder}/");
    let bytes = &transaction.bytes;
    let at = bytes.windows(before.len()).position(|window| window == before.as_bytes())?;
    let rest = bytes[at + before.len()..].iter();
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'-' | b'.');
    Some(rest.take_while(is_part).map(|byte| char::from(*byte)).collect())
}
