use bytes::Bytes;
use journalnode::editlog::encode_op;
use journalnode::types::{Epoch, TxId};

use crate::seed::Seed;

/// `OP_MKDIR`; nobody here looks at it.
const OP_CODE: u8 = 3;
/// Longest filling of a usual transaction, in bytes: over a few sectors.
const FILLING_BYTES: u64 = 1500;
/// Longest filling of an unusual one, in bytes.
const LONG_FILLING_BYTES: u64 = 40_000;

/// One transaction whose bytes tell who wrote it, and that no other attempt shares.
pub(crate) fn transaction(seed: &mut Seed, writer: usize, epoch: Epoch, txid: TxId) -> Bytes {
    let most = if seed.percent(2) { LONG_FILLING_BYTES } else { FILLING_BYTES };
    let filling = seed.within(0, most) as usize;
    let mark = seed.within(0, u64::MAX);
    let mut body = format!("writer {writer} epoch {epoch} txid {txid} mark {mark:016x} ");
    let letter = char::from(b'a' + (txid.0 % 26) as u8);
    body.extend(std::iter::repeat_n(letter, filling));
    encode_op(OP_CODE, txid, body.as_bytes()).into()
}
