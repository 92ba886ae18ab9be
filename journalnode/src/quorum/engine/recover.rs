use std::cmp::Ordering;

use thiserror::Error;

use super::NodeIndex;
use crate::engine::PreparedRecovery;
use crate::mutant;
use crate::types::{Epoch, SegmentState, TxId};

/// What to recover a segment to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    /// A node that has it: where the others fetch it from.
    pub source: NodeIndex,
    /// The segment as it must become everywhere.
    pub segment: SegmentState,
}

/// Answers that no correct quorum gives. Java's client throws `AssertionError`: going on
/// would lose transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum RecoveryFault {
    /// A finished segment never changes, so it has one end.
    #[error("segment {first} is finalized with different ends: {one} and {other}")]
    TwoEnds {
        /// Where it starts.
        first: TxId,
        /// The lower end.
        one: TxId,
        /// The highest.
        other: TxId,
    },
    /// What is committed must survive.
    #[error("segment {segment} would be chosen, but txid {committed} is committed")]
    CommittedBeyondEnd {
        /// What would be chosen.
        segment: SegmentState,
        /// The highest transaction that a node knows to be committed.
        committed: TxId,
    },
    /// A node answered for another segment.
    #[error("asked for segment {asked}, told of segment {told}")]
    OtherSegment {
        /// Where the segment to recover starts.
        asked: TxId,
        /// Where the one in the answer starts.
        told: TxId,
    },
}

/// Picks the best copy of segment `first` among the answers of a majority; `None` if no node
/// has it, so that nothing was ever acknowledged in it (`SegmentRecoveryComparator`,
/// `QuorumJournalManager.recoverUnclosedSegment`).
///
/// The order of the answers does not matter; of equal copies, that of the first node is named.
pub fn choose(
    first: TxId,
    answers: &[(NodeIndex, PreparedRecovery)],
) -> Result<Option<Choice>, RecoveryFault> {
    let mut held: Vec<_> = answers
        .iter()
        .filter_map(|(node, answer)| answer.segment.map(|segment| (*node, answer, segment)))
        .collect();
    let starts = held.iter().map(|(_, _, segment)| segment.start);
    if let Some(told) = starts.filter(|start| *start != first).min() {
        return Err(RecoveryFault::OtherSegment { asked: first, told });
    }
    let segments = held.iter().map(|(_, _, segment)| segment);
    one_end(first, segments.filter(|segment| !segment.in_progress).map(|segment| segment.end))?;
    held.sort_by(|(a_node, a, a_segment), (b_node, b, b_segment)| {
        preference(b, b_segment).cmp(&preference(a, a_segment)).then(a_node.cmp(b_node))
    });
    let Some((source, _, segment)) = held.first().copied() else { return Ok(None) };
    let committed = answers.iter().filter_map(|(_, answer)| answer.committed_txid).max();
    match committed.map(|committed| (committed, committed.cmp(&segment.end))) {
        Some((committed, Ordering::Greater)) => {
            Err(RecoveryFault::CommittedBeyondEnd { segment, committed })
        }
        _ => Ok(Some(Choice { source, segment })),
    }
}

/// Finalized before in progress, then the later writer, then the longer copy. Finalized ones
/// are all alike.
fn preference(answer: &PreparedRecovery, segment: &SegmentState) -> (bool, Epoch, TxId) {
    if !segment.in_progress {
        return (true, Epoch::default(), segment.end);
    }
    let accepted_in = answer.accepted_in.unwrap_or_default();
    if mutant::is("choose-the-shorter-segment") {
        return (false, accepted_in.max(answer.last_writer_epoch), TxId(-segment.end.0));
    }
    if mutant::is("choose-the-longer-before-the-later") {
        return (false, Epoch::default(), segment.end);
    }
    if mutant::is("forget-in-which-epoch-it-was-accepted") {
        return (false, answer.last_writer_epoch, segment.end);
    }
    (false, accepted_in.max(answer.last_writer_epoch), segment.end)
}

fn one_end(first: TxId, ends: impl Iterator<Item = TxId> + Clone) -> Result<(), RecoveryFault> {
    match (ends.clone().min(), ends.max()) {
        (Some(one), Some(other)) if one != other => {
            Err(RecoveryFault::TwoEnds { first, one, other })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIRST: TxId = TxId(10);

    fn answer(end: i64, in_progress: bool, writer: i64) -> PreparedRecovery {
        PreparedRecovery {
            segment: Some(SegmentState { start: FIRST, end: TxId(end), in_progress }),
            accepted_in: None,
            last_writer_epoch: Epoch(writer),
            committed_txid: None,
        }
    }

    fn nothing(writer: i64) -> PreparedRecovery {
        PreparedRecovery { segment: None, ..answer(0, true, writer) }
    }

    fn numbered(answers: &[PreparedRecovery]) -> Vec<(NodeIndex, PreparedRecovery)> {
        answers.iter().enumerate().map(|(index, answer)| (NodeIndex(index), *answer)).collect()
    }

    fn chosen(answers: &[PreparedRecovery]) -> (usize, i64) {
        let choice = choose(FIRST, &numbered(answers)).unwrap().unwrap();
        (choice.source.0, choice.segment.end.0)
    }

    #[test]
    fn any_copy_is_better_than_none() {
        assert_eq!(chosen(&[nothing(9), answer(12, true, 1)]), (1, 12));
        assert_eq!(choose(FIRST, &numbered(&[nothing(1), nothing(2)])), Ok(None));
    }

    #[test]
    fn finalized_beats_longer_and_later() {
        assert_eq!(chosen(&[answer(19, true, 9), answer(12, false, 1)]), (1, 12));
    }

    #[test]
    fn a_later_writer_beats_a_longer_copy() {
        assert_eq!(chosen(&[answer(19, true, 1), answer(12, true, 2)]), (1, 12));
    }

    #[test]
    fn what_was_accepted_before_counts_with_its_epoch() {
        let accepted = PreparedRecovery { accepted_in: Some(Epoch(5)), ..answer(11, true, 1) };
        assert_eq!(chosen(&[answer(19, true, 4), accepted]), (1, 11));
        assert_eq!(chosen(&[answer(19, true, 6), accepted]), (0, 19));
    }

    #[test]
    fn the_longest_copy_of_one_writer_wins() {
        assert_eq!(
            chosen(&[answer(12, true, 1), answer(14, true, 1), answer(13, true, 1)]),
            (1, 14)
        );
        assert_eq!(chosen(&[answer(14, true, 1), answer(14, true, 1)]), (0, 14));
    }

    #[test]
    fn two_finalized_ends_are_fatal() {
        let answers = numbered(&[answer(14, false, 1), answer(13, false, 1), nothing(1)]);
        let fault = RecoveryFault::TwoEnds { first: FIRST, one: TxId(13), other: TxId(14) };
        assert_eq!(choose(FIRST, &answers), Err(fault));
    }

    #[test]
    fn what_is_committed_may_not_be_lost() {
        let told = PreparedRecovery { committed_txid: Some(TxId(13)), ..nothing(1) };
        let answers = numbered(&[answer(12, true, 1), told]);
        assert!(matches!(choose(FIRST, &answers), Err(RecoveryFault::CommittedBeyondEnd { .. })));
        assert_eq!(chosen(&[answer(13, true, 1), told]), (0, 13));
    }

    #[test]
    fn another_segment_is_no_answer() {
        let fault = RecoveryFault::OtherSegment { asked: TxId(11), told: FIRST };
        assert_eq!(choose(TxId(11), &numbered(&[answer(12, true, 1)])), Err(fault));
    }

    fn any_answer() -> impl Strategy<Value = PreparedRecovery> {
        let segment = prop::option::weighted(0.9, (9_i64..12, 10_i64..14, any::<bool>()));
        (segment, prop::option::of(0_i64..4), 0_i64..4, prop::option::of(8_i64..14)).prop_map(
            |(segment, accepted, writer, committed)| PreparedRecovery {
                segment: segment.map(|(start, end, in_progress)| SegmentState {
                    start: TxId(start.max(10)),
                    end: TxId(end),
                    in_progress,
                }),
                accepted_in: accepted.map(Epoch),
                last_writer_epoch: Epoch(writer),
                committed_txid: committed.map(TxId),
            },
        )
    }

    proptest! {
        #[test]
        fn the_order_of_the_answers_does_not_matter(
            (answers, shuffled) in prop::collection::vec(any_answer(), 0..6).prop_flat_map(|answers| {
                let answers = numbered(&answers);
                (Just(answers.clone()), Just(answers).prop_shuffle())
            })
        ) {
            prop_assert_eq!(choose(FIRST, &answers), choose(FIRST, &shuffled));
        }

        #[test]
        fn a_choice_is_a_copy_that_holds_what_is_committed(
            answers in prop::collection::vec(any_answer(), 0..6)
        ) {
            let answers = numbered(&answers);
            if let Ok(choice) = choose(FIRST, &answers) {
                let held = answers.iter().filter(|(_, answer)| answer.segment.is_some()).count();
                prop_assert_eq!(choice.is_some(), held > 0);
                if let Some(Choice { source, segment }) = choice {
                    prop_assert_eq!(answers[source.0].1.segment, Some(segment));
                    let committed = answers.iter().filter_map(|(_, answer)| answer.committed_txid);
                    prop_assert!(committed.max() <= Some(segment.end));
                }
            }
        }
    }
}
