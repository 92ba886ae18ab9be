use super::{NodeFailure, NodeIndex, Vote};
use crate::mutant;

/// The answers of the nodes to one question, in any order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tally<T> {
    answers: Vec<Option<Result<T, NodeFailure>>>,
    needed: usize,
    expired: bool,
}

/// How a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// More answers are needed.
    Open,
    /// Enough nodes succeeded. Later answers change nothing.
    Won,
    /// Not enough nodes can succeed any more, or the time is over.
    Lost,
}

impl<T> Tally<T> {
    /// Most of `nodes` must succeed.
    pub fn majority_of(nodes: usize) -> Self {
        let minority = mutant::is("acknowledge-with-a-minority");
        Self::needing(nodes / 2 + usize::from(!minority), nodes)
    }

    /// Every one of `nodes` must succeed.
    pub fn all_of(nodes: usize) -> Self {
        Self::needing(nodes, nodes)
    }

    fn needing(needed: usize, nodes: usize) -> Self {
        Self { answers: (0..nodes).map(|_| None).collect(), needed, expired: false }
    }

    /// Counts an answer while the question is open; of several of one node, the first.
    pub fn note(&mut self, node: NodeIndex, answer: Result<T, NodeFailure>) -> Verdict {
        if self.verdict() == Verdict::Open
            && let Some(slot @ None) = self.answers.get_mut(node.0)
        {
            *slot = Some(answer);
        }
        self.verdict()
    }

    /// The time is over: an open question is lost.
    pub fn expire(&mut self) -> Verdict {
        self.expired |= self.verdict() == Verdict::Open;
        self.verdict()
    }

    /// How it stands.
    pub fn verdict(&self) -> Verdict {
        let failed = self.failures().count();
        let broken = self.failures().any(NodeFailure::is_assertion);
        if self.expired || broken || failed > self.answers.len() - self.needed {
            Verdict::Lost
        } else if self.successes().count() >= self.needed {
            Verdict::Won
        } else {
            Verdict::Open
        }
    }

    /// How many nodes must succeed.
    pub fn needed(&self) -> usize {
        self.needed
    }

    /// Whether it was the time that decided.
    pub fn is_expired(&self) -> bool {
        self.expired
    }

    /// What the nodes that succeeded said, in the order of the nodes.
    pub fn successes(&self) -> impl Iterator<Item = (NodeIndex, &T)> {
        self.answers.iter().enumerate().filter_map(|(index, answer)| match answer {
            Some(Ok(answer)) => Some((NodeIndex(index), answer)),
            _ => None,
        })
    }

    /// One vote per node, in the order of the nodes.
    pub fn votes(&self) -> impl Iterator<Item = Vote> {
        self.answers.iter().map(|answer| match answer {
            None => Vote::Silent,
            Some(Ok(_)) => Vote::Succeeded,
            Some(Err(failure)) => Vote::Failed(failure.clone()),
        })
    }

    fn failures(&self) -> impl Iterator<Item = &NodeFailure> {
        self.answers.iter().flatten().filter_map(|answer| answer.as_ref().err())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn failed() -> NodeFailure {
        NodeFailure::Unanswered { reason: "gone".into() }
    }

    fn broken() -> NodeFailure {
        NodeFailure::Refused { class: "java.lang.AssertionError".into(), message: "no".into() }
    }

    #[test]
    fn two_of_three_win_and_two_failures_lose() {
        let mut tally = Tally::majority_of(3);
        assert_eq!(tally.note(NodeIndex(2), Ok(())), Verdict::Open);
        assert_eq!(tally.note(NodeIndex(2), Ok(())), Verdict::Open, "a node has one vote");
        assert_eq!(tally.note(NodeIndex(0), Ok(())), Verdict::Won);
        let mut tally = Tally::<()>::majority_of(3);
        assert_eq!(tally.note(NodeIndex(0), Err(failed())), Verdict::Open);
        assert_eq!(tally.note(NodeIndex(1), Err(failed())), Verdict::Lost);
    }

    #[test]
    fn two_of_four_are_no_majority() {
        let mut tally = Tally::majority_of(4);
        tally.note(NodeIndex(0), Ok(()));
        assert_eq!(tally.note(NodeIndex(1), Ok(())), Verdict::Open);
        tally.note(NodeIndex(2), Err(failed()));
        assert_eq!(tally.note(NodeIndex(3), Err(failed())), Verdict::Lost);
    }

    #[test]
    fn all_means_all() {
        let mut tally = Tally::all_of(3);
        tally.note(NodeIndex(0), Ok(()));
        tally.note(NodeIndex(1), Ok(()));
        assert_eq!(tally.verdict(), Verdict::Open);
        assert_eq!(tally.note(NodeIndex(2), Err(failed())), Verdict::Lost);
    }

    #[test]
    fn a_broken_invariant_outweighs_a_possible_majority() {
        let mut tally = Tally::majority_of(3);
        tally.note(NodeIndex(0), Ok(()));
        assert_eq!(tally.note(NodeIndex(1), Err(broken())), Verdict::Lost);
    }

    #[test]
    fn the_deadline_takes_nothing_back() {
        let mut tally = Tally::majority_of(1);
        tally.note(NodeIndex(0), Ok(()));
        assert_eq!(tally.expire(), Verdict::Won);
        let mut tally = Tally::<()>::majority_of(1);
        assert_eq!(tally.expire(), Verdict::Lost);
        assert_eq!(tally.note(NodeIndex(0), Ok(())), Verdict::Lost, "too late");
    }

    proptest! {
        #[test]
        fn once_decided_it_stays_so(
            nodes in 1_usize..6,
            answers in prop::collection::vec((0_usize..7, any::<bool>()), 0..20),
            expire_at in 0_usize..20,
        ) {
            let mut tally = Tally::majority_of(nodes);
            let mut decided = None;
            for (at, (node, good)) in answers.into_iter().enumerate() {
                if at == expire_at {
                    tally.expire();
                }
                let verdict = tally.note(NodeIndex(node), if good { Ok(()) } else { Err(failed()) });
                if let Some(before) = decided {
                    prop_assert_eq!(verdict, before);
                }
                decided = Some(verdict).filter(|verdict| *verdict != Verdict::Open);
                let successes = tally.successes().count();
                prop_assert_eq!(verdict == Verdict::Won, successes > nodes / 2);
            }
        }
    }
}
