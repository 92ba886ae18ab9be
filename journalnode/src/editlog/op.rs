use crate::types::TxId;

/// The opcode that ends a log, which is also the padding (`OP_INVALID`).
pub const OP_INVALID: u8 = 0xFF;
/// The shortest operation: opcode, length, txid and checksum around an empty body.
pub const MIN_OP_BYTES: usize = 17;
/// The longest operation that a scan takes (`dfs.namenode.max.op.size`).
pub const MAX_OP_BYTES: usize = 52_428_800;
/// Opcode and checksum, which the length field does not count.
pub(super) const UNCOUNTED_BYTES: usize = 5;
/// Checksum behind an operation.
pub(super) const CHECKSUM_BYTES: usize = 4;
/// Opcode, length and txid.
pub(super) const PREFIX_BYTES: usize = 13;

/// The highest opcode of Hadoop 3.4 (`OP_REMOVE_ERASURE_CODING_POLICY`).
const HIGHEST_OPCODE: u8 = 52;
/// Opcodes of Hadoop 0.x that nobody can decode (`OP_DATANODE_ADD`, `OP_DATANODE_REMOVE`).
const OBSOLETE_OPCODES: [u8; 2] = [5, 6];

/// Whether Java would decode an operation with this opcode.
pub(super) fn is_known(opcode: u8) -> bool {
    opcode <= HIGHEST_OPCODE && !OBSOLETE_OPCODES.contains(&opcode)
}

/// The first bytes of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpPrefix {
    pub(super) opcode: u8,
    /// Length of the whole operation, not checked; wraps around as Java's does.
    pub(super) total_bytes: i32,
    pub(super) txid: i64,
}

impl OpPrefix {
    pub(super) fn read(bytes: &[u8; PREFIX_BYTES]) -> Self {
        let [opcode, l0, l1, l2, l3, txid @ ..] = *bytes;
        let length = i32::from_be_bytes([l0, l1, l2, l3]);
        let total_bytes = length.wrapping_add(UNCOUNTED_BYTES as i32);
        Self { opcode, total_bytes, txid: i64::from_be_bytes(txid) }
    }

    /// The length, if an operation may have it.
    pub(super) fn size_bytes(self) -> Option<usize> {
        let size = usize::try_from(self.total_bytes).ok()?;
        (MIN_OP_BYTES..=MAX_OP_BYTES).contains(&size).then_some(size)
    }
}

/// Frames an operation as layouts since -56 do. The body may have up to
/// [`MAX_OP_BYTES`] - [`MIN_OP_BYTES`] bytes.
pub fn encode_op(opcode: u8, txid: TxId, body: &[u8]) -> Vec<u8> {
    let length = (body.len() + MIN_OP_BYTES - UNCOUNTED_BYTES) as u32;
    let mut op = vec![opcode];
    op.extend(length.to_be_bytes());
    op.extend(txid.0.to_be_bytes());
    op.extend(body);
    op.extend(crc32fast::hash(&op).to_be_bytes());
    op
}
