use bytes::Bytes;

use crate::types::TxId;

/// One operation of an edit log, with a good checksum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Op {
    /// Its transaction.
    pub txid: TxId,
    /// All of it, checksum included.
    pub bytes: Bytes,
}

/// The operations that `majority` of the copies begin with, byte for byte: those are durable.
///
/// In length this is Java's rule, the majority-th largest count (`selectRpcInputStreams`). Java
/// takes any copy of that length; a node that missed a recovery may hold others of the same
/// numbers, so here the content has to agree too.
pub fn agreed_prefix(copies: &[Vec<Op>], majority: usize) -> Vec<Op> {
    let mut group: Vec<&Vec<Op>> = copies.iter().collect();
    let mut agreed = Vec::new();
    for at in 0.. {
        let holders = |op: &Op| group.iter().filter(|copy| copy.get(at) == Some(op)).count();
        let ops = group.iter().filter_map(|copy| copy.get(at));
        let Some(op) = ops.max_by_key(|op| holders(op)).filter(|op| holders(op) >= majority) else {
            break;
        };
        let op = op.clone();
        group.retain(|copy| copy.get(at) == Some(&op));
        agreed.push(op);
    }
    agreed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn copy(contents: &[u8]) -> Vec<Op> {
        let op = |(at, byte): (usize, &u8)| Op {
            txid: TxId(at as i64 + 1),
            bytes: Bytes::copy_from_slice(&[*byte]),
        };
        contents.iter().enumerate().map(op).collect()
    }

    #[test]
    fn what_two_of_three_hold_is_durable() {
        let copies = [copy(b"abcde"), copy(b"abc"), copy(b"a")];
        assert_eq!(agreed_prefix(&copies, 2), copy(b"abc"));
        assert_eq!(agreed_prefix(&copies[..2], 2), copy(b"abc"));
        assert_eq!(agreed_prefix(&copies[..1], 2), []);
        assert_eq!(agreed_prefix(&copies, 1), copy(b"abcde"));
    }

    #[test]
    fn a_copy_that_differs_is_not_counted() {
        let copies = [copy(b"aXXX"), copy(b"abc"), copy(b"abcd")];
        assert_eq!(agreed_prefix(&copies, 2), copy(b"abc"));
        assert_eq!(agreed_prefix(&copies[..2], 2), copy(b"a"));
    }

    proptest! {
        #[test]
        fn of_equal_copies_the_length_is_javas(
            lengths in prop::collection::vec(0_usize..9, 1..6), majority in 1_usize..4
        ) {
            let whole = copy(b"abcdefgh");
            let copies: Vec<_> = lengths.iter().map(|n| whole[..*n.min(&8)].to_vec()).collect();
            let mut sorted = lengths;
            sorted.sort_unstable();
            let expected = sorted.len().checked_sub(majority).map_or(0, |at| sorted[at]);
            prop_assert_eq!(agreed_prefix(&copies, majority).len(), expected);
        }
    }
}
