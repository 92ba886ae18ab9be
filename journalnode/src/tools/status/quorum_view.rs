use super::{NodeState, NodeView, Quorum};
use crate::types::TxId;
use hadoop_ipc::tools::ToolExit;

/// All JournalNodes of one journal, as they were seen.
#[derive(Clone, Debug)]
pub struct QuorumView {
    /// Who was asked.
    pub quorum: Quorum,
    /// The highest transaction that any node knew to be committed. What a node is compared
    /// with was seen before the node was: one that is in step is never taken for behind.
    pub committed: Option<TxId>,
    /// In the order of the configuration.
    pub nodes: Vec<NodeView>,
}

impl QuorumView {
    /// How many nodes make a majority.
    pub fn majority(&self) -> usize {
        self.nodes.len() / 2 + 1
    }

    /// How many nodes are in step.
    pub fn in_step(&self) -> usize {
        let states = self.nodes.iter().map(|node| node.state(self.committed));
        states.filter(|state| *state == NodeState::Ok).count()
    }

    /// Whether a writer has its quorum.
    pub fn has_quorum(&self) -> bool {
        self.in_step() >= self.majority()
    }

    /// The highest transaction that any of these nodes knows to be committed.
    pub(super) fn committed_of(nodes: &[NodeView]) -> Option<TxId> {
        nodes.iter().filter_map(|node| node.answer.as_ref().ok()?.committed).max()
    }
}

/// The exit status that these views ask for.
pub(super) fn exit(views: &[QuorumView]) -> ToolExit {
    let all_in_step = views.iter().all(|view| view.in_step() == view.nodes.len());
    if all_in_step { ToolExit::Clean } else { ToolExit::Found }
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::{HostPort, QuorumJournalUri};

    use super::*;
    use crate::tools::status::{Answer, JmxFigures};

    const URI: &str = "qjournal://n1:1;n2:1;n3:1/j";

    fn node(change: impl FnOnce(&mut Answer)) -> NodeView {
        let mut answer = Answer {
            formatted: true,
            last: Some(TxId(100)),
            committed: Some(TxId(99)),
            jmx: Ok(JmxFigures::default()),
            ..Answer::not_formatted()
        };
        change(&mut answer);
        let address = HostPort { host: "n".to_owned(), port: 1 };
        NodeView { address, answer: Ok(answer) }
    }

    fn view(nodes: [NodeView; 3]) -> QuorumView {
        let quorum = Quorum { nameservice: None, uri: QuorumJournalUri::parse(URI).unwrap() };
        let committed = QuorumView::committed_of(&nodes);
        QuorumView { quorum, committed, nodes: nodes.into() }
    }

    fn states(view: &QuorumView) -> [NodeState; 3] {
        [0, 1, 2].map(|index: usize| view.nodes[index].state(view.committed))
    }

    #[test]
    fn nodes_in_step_may_differ_by_what_is_not_committed() {
        let view = view([node(|_| {}), node(|a| a.last = Some(TxId(99))), node(|_| {})]);
        assert_eq!(states(&view), [NodeState::Ok; 3]);
        assert!(view.has_quorum());
        assert_eq!(exit(&[view]), ToolExit::Clean);
    }

    #[test]
    fn one_bad_node_is_found_and_the_quorum_stands() {
        let gone = NodeView { answer: Err("refused".to_owned()), ..node(|_| {}) };
        let empty = node(|a| *a = Answer::not_formatted());
        let behind = node(|a| a.last = Some(TxId(90)));
        let broken = node(|a| {
            a.jmx = Ok(JmxFigures { out_of_service: Some(true), ..JmxFigures::default() });
        });
        for (bad, state) in [
            (gone, NodeState::Unreachable),
            (empty, NodeState::NotFormatted),
            (behind, NodeState::Behind { txns: 9 }),
            (broken, NodeState::OutOfService),
        ] {
            let view = view([node(|_| {}), bad, node(|_| {})]);
            assert_eq!(states(&view)[1], state);
            assert!(view.has_quorum());
            assert_eq!(exit(&[view]), ToolExit::Found);
        }
    }

    #[test]
    fn two_bad_nodes_of_three_are_no_quorum() {
        let gone = || NodeView { answer: Err("refused".to_owned()), ..node(|_| {}) };
        let view = view([gone(), node(|_| {}), gone()]);
        assert_eq!((view.in_step(), view.majority(), view.has_quorum()), (1, 2, false));
    }

    #[test]
    fn a_quorum_that_was_just_formatted_is_fine() {
        let fresh = || node(|a| (a.last, a.committed) = (None, None));
        let view = view([fresh(), fresh(), fresh()]);
        assert_eq!(exit(&[view]), ToolExit::Clean);
    }
}
