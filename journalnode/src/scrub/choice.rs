use super::Digest;

/// Length and digest of what a segment says.
pub(super) type Identity = (u64, Digest);

/// A peer's copy of a segment, every checksum of it good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Which of the peers.
    pub(super) peer: usize,
    pub(super) identity: Identity,
    /// Whether it is what was recorded here while the segment was good.
    pub(super) recorded: bool,
}

/// What to do about a segment that seems to be damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Take this peer's copy.
    Take(usize),
    /// Ours is right, what was recorded of it is not.
    Ours,
    /// Nobody has a copy.
    Nobody,
    /// Copies differ, and no majority has the same.
    Disagreement,
}

/// What was recorded here decides. Without a record, or if nobody has what was recorded, those
/// who have the segment must agree; if they do not, a majority of all nodes.
///
/// `ours` is what this node has, if it can be read to its end.
pub(super) fn choose(
    nodes: usize,
    has_record: bool,
    ours: Option<Identity>,
    candidates: &[Candidate],
) -> Choice {
    if let Some(recorded) = candidates.iter().find(|candidate| candidate.recorded) {
        return Choice::Take(recorded.peer);
    }
    if candidates.is_empty() {
        return Choice::Nobody;
    }
    // The record is ours alone and may be of another life of the segment; that a peer has by
    // chance what rotted here is out of the question.
    if candidates.iter().any(|candidate| Some(candidate.identity) == ours) {
        return Choice::Ours;
    }
    let same = |identity| candidates.iter().filter(move |other| other.identity == identity).count();
    let agree = |one: &&Candidate| {
        let count = same(one.identity);
        count > nodes / 2 || (count == candidates.len() && !has_record)
    };
    match candidates.iter().find(agree) {
        Some(one) => Choice::Take(one.peer),
        None => Choice::Disagreement,
    }
}

#[cfg(test)]
mod tests {
    use super::Choice::{Disagreement, Nobody, Ours, Take};
    use super::*;

    fn id(name: u8) -> Identity {
        (100, Digest([name; 16]))
    }

    fn copies(names: &[u8], recorded: Option<u8>) -> Vec<Candidate> {
        let one = |(peer, name): (usize, &u8)| Candidate {
            peer,
            identity: id(*name),
            recorded: recorded == Some(*name),
        };
        names.iter().enumerate().map(one).collect()
    }

    #[test]
    fn what_was_recorded_is_taken_from_whoever_has_it() {
        assert_eq!(choose(3, true, None, &copies(&[1, 2], Some(2))), Take(1));
        assert_eq!(choose(5, true, Some(id(1)), &copies(&[1, 1, 2], Some(2))), Take(2));
    }

    #[test]
    fn without_a_record_those_who_have_it_must_agree() {
        assert_eq!(choose(3, false, None, &copies(&[1], None)), Take(0));
        assert_eq!(choose(3, false, None, &copies(&[1, 1], None)), Take(0));
        assert_eq!(choose(3, false, None, &copies(&[1, 2], None)), Disagreement);
        assert_eq!(choose(5, false, None, &copies(&[1, 2, 2], None)), Disagreement);
        assert_eq!(choose(5, false, None, &copies(&[1, 2, 2, 2], None)), Take(1));
        assert_eq!(choose(3, false, None, &[]), Nobody);
    }

    #[test]
    fn against_the_record_it_takes_a_majority_of_all_nodes() {
        assert_eq!(choose(3, true, None, &copies(&[1], None)), Disagreement);
        assert_eq!(choose(3, true, None, &copies(&[1, 1], None)), Take(0));
        assert_eq!(choose(3, true, Some(id(9)), &copies(&[1], None)), Disagreement);
    }

    #[test]
    fn a_record_that_another_node_contradicts_as_we_do_is_wrong() {
        assert_eq!(choose(3, true, Some(id(1)), &copies(&[1], None)), Ours);
        assert_eq!(choose(3, true, Some(id(1)), &copies(&[2, 1], None)), Ours);
        assert_eq!(choose(3, true, Some(id(1)), &[]), Nobody);
    }
}
