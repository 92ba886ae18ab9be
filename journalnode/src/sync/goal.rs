use std::collections::BTreeSet;

use thiserror::Error;

use super::Testimony;
use super::missing::finalized;
use crate::engine::Rejoin;
use crate::types::{Epoch, SegmentFile, StorageInfo, TxId};

/// What a majority of all nodes, this one not among them, says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Their namespace.
    pub namespace: StorageInfo,
    /// Their highest promise: at least every promise that this node gave and that a writer
    /// became a writer with.
    pub promised: Epoch,
    /// The most that one of them knows to be committed.
    pub committed_txid: Option<TxId>,
    /// Where their newest segment starts, finished or not. This node has acknowledged nothing
    /// in a later one.
    pub newest_start: Option<TxId>,
    /// All finished and committed segments they have together, oldest first.
    pub segments: Vec<SegmentFile>,
}

/// Up to where this node must have every finished segment before it may be a member again,
/// fixed when a majority first agreed: later segments it has never written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    newest_start: Option<TxId>,
}

/// Why a blank node has to wait.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotYet {
    /// Fewer formatted peers than a majority of all nodes agree.
    #[error("{agreeing} of {nodes} nodes agree on a namespace, {needed} others must")]
    NoMajority {
        /// How many agree.
        agreeing: usize,
        /// How many nodes there are, this one included.
        nodes: usize,
        /// How many must agree.
        needed: usize,
    },
    /// They were just formatted, as this node may be any moment.
    #[error("the other nodes were never written to: format this one with them")]
    FreshlyFormatted,
    /// Two peers finished the same segment differently, or segments overlap.
    #[error("peers contradict each other about segments {one} and {other}: verify their files")]
    Contradiction {
        /// One of them.
        one: SegmentFile,
        /// The other.
        other: SegmentFile,
    },
    /// No peer has what comes next.
    #[error("no peer that answers has the segment that starts at txid {0}")]
    Gap(TxId),
    /// The segment that this node may have written to is not finished yet.
    #[error("the segment that starts at txid {0} is not finished yet; the next roll does that")]
    InProgress(TxId),
}

/// What `nodes` nodes, one of them blank, agree on. Needs a majority of all of them without
/// the blank one: any writer that ever won an election with the blank node's vote had its
/// other votes from one of these.
pub fn agreed(nodes: usize, testimonies: &[Testimony]) -> Result<Agreement, NotYet> {
    let needed = nodes / 2 + 1;
    let group = largest_group(testimonies);
    let Some(one) = group.first().filter(|_| group.len() >= needed) else {
        return Err(NotYet::NoMajority { agreeing: group.len(), nodes, needed });
    };
    let promised = group.iter().map(|peer| peer.promised).max().unwrap_or_default();
    let logs = || group.iter().flat_map(|peer| &peer.logs);
    let newest_start = logs().map(|log| log.start).max();
    if promised == Epoch(0) && newest_start.is_none() {
        return Err(NotYet::FreshlyFormatted);
    }
    let committed_txid = group.iter().filter_map(|peer| peer.committed_txid).max();
    let mut segments: BTreeSet<SegmentFile> = logs().filter_map(finalized).collect();
    segments.retain(|file| file.last <= committed_txid);
    let segments: Vec<SegmentFile> = segments.into_iter().collect();
    disjoint(&segments)?;
    let namespace = one.namespace.clone();
    Ok(Agreement { namespace, promised, committed_txid, newest_start, segments })
}

/// Layout versions differ in the middle of an upgrade, and say nothing about identity.
fn largest_group(testimonies: &[Testimony]) -> Vec<&Testimony> {
    let same = |a: &StorageInfo, b: &StorageInfo| {
        (a.namespace_id, &a.cluster_id, a.c_time) == (b.namespace_id, &b.cluster_id, b.c_time)
    };
    let formatted = |peer: &&Testimony| peer.namespace.namespace_id != 0;
    let group = |one: &Testimony| -> Vec<&Testimony> {
        let agreeing = |peer: &&Testimony| same(&peer.namespace, &one.namespace);
        testimonies.iter().filter(formatted).filter(agreeing).collect()
    };
    testimonies.iter().map(group).max_by_key(Vec::len).unwrap_or_default()
}

fn disjoint(segments: &[SegmentFile]) -> Result<(), NotYet> {
    for pair in segments.windows(2) {
        if let [one, other] = *pair
            && Some(other.first) <= one.last
        {
            return Err(NotYet::Contradiction { one, other });
        }
    }
    Ok(())
}

impl Goal {
    /// The goal that a first agreement sets.
    pub fn of(agreement: &Agreement) -> Self {
        Self { newest_start: agreement.newest_start }
    }

    /// What to rejoin with, if the peers now have everything finished up to the goal.
    pub fn reached(&self, agreement: &Agreement) -> Result<Rejoin, NotYet> {
        whole(&agreement.segments)?;
        let end = agreement.segments.last().and_then(|file| file.last);
        match self.newest_start {
            Some(start) if end < Some(start) => Err(NotYet::InProgress(start)),
            _ => Ok(Rejoin {
                namespace: agreement.namespace.clone(),
                promised: agreement.promised,
                committed_txid: agreement.committed_txid,
                segments: agreement.segments.clone(),
            }),
        }
    }
}

fn whole(segments: &[SegmentFile]) -> Result<(), NotYet> {
    for pair in segments.windows(2) {
        if let [one, next] = *pair
            && one.last.map(TxId::next) != Some(next.first)
        {
            return Err(NotYet::Gap(one.last.map_or(one.first, TxId::next)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ManifestEntry;
    use crate::types::LayoutVersion;

    fn namespace(id: i32) -> StorageInfo {
        let layout_version = LayoutVersion::CURRENT;
        StorageInfo { layout_version, namespace_id: id, cluster_id: "CID-x".into(), c_time: 0 }
    }

    fn log(start: i64, end: i64) -> ManifestEntry {
        ManifestEntry { start: TxId(start), end: Some(TxId(end)), in_progress: false }
    }

    fn open(start: i64, end: i64) -> ManifestEntry {
        ManifestEntry { in_progress: true, ..log(start, end) }
    }

    fn peer(promised: i64, committed: i64, logs: &[ManifestEntry]) -> Testimony {
        Testimony {
            peer: 0,
            namespace: namespace(7),
            promised: Epoch(promised),
            committed_txid: Some(TxId(committed)),
            logs: logs.to_vec(),
            url: String::new(),
        }
    }

    fn file(start: i64, end: i64) -> SegmentFile {
        SegmentFile::finalized(TxId(start), TxId(end))
    }

    #[test]
    fn a_majority_of_all_nodes_without_the_blank_one_must_agree() {
        let one = peer(3, 9, &[log(1, 9)]);
        let stranger = Testimony { namespace: namespace(8), ..one.clone() };
        let blank = Testimony { namespace: namespace(0), ..one.clone() };
        let needs = |nodes, testimonies: &[Testimony], agreeing, needed| {
            assert_eq!(
                agreed(nodes, testimonies),
                Err(NotYet::NoMajority { agreeing, nodes, needed })
            );
        };
        needs(3, &[], 0, 2);
        needs(3, std::slice::from_ref(&one), 1, 2);
        needs(3, &[one.clone(), stranger.clone()], 1, 2);
        needs(3, &[blank.clone(), blank], 0, 2);
        needs(5, &[one.clone(), one.clone(), stranger.clone()], 2, 3);
        needs(1, &[], 0, 1);
        assert!(agreed(3, &[one.clone(), one.clone()]).is_ok());
        assert!(agreed(5, &[stranger, one.clone(), one.clone(), one]).is_ok());
    }

    #[test]
    fn every_writer_that_won_with_the_lost_vote_is_fenced() {
        // A writer of epoch 9 won with the blank node and one other, whichever that was.
        for nodes in [3, 5, 7] {
            let (others, won_with) = (nodes - 1, nodes / 2);
            for silent in 0..others - nodes / 2 {
                let promises = (0..others).map(|i| if i < won_with { 9 } else { 4 });
                // The worst case: those that do not answer are of those that voted for it.
                let answering = promises.skip(silent).map(|promised| peer(promised, 0, &[]));
                let testimonies: Vec<Testimony> = answering.collect();
                assert_eq!(agreed(nodes, &testimonies).unwrap().promised, Epoch(9), "{nodes}");
            }
        }
    }

    #[test]
    fn nodes_that_were_just_formatted_are_left_to_who_formats_them() {
        let fresh = peer(0, -12345, &[]);
        assert_eq!(agreed(3, &[fresh.clone(), fresh.clone()]), Err(NotYet::FreshlyFormatted));
        let agreement = agreed(3, &[fresh, peer(1, -12345, &[])]).unwrap();
        assert_eq!(Goal::of(&agreement).reached(&agreement).unwrap().promised, Epoch(1));
    }

    #[test]
    fn what_the_lost_node_may_have_acknowledged_is_waited_for() {
        let before =
            agreed(3, &[peer(2, 12, &[log(1, 9), open(10, 12)]), peer(1, 9, &[log(1, 9)])]);
        let before = before.unwrap();
        let goal = Goal::of(&before);
        assert_eq!(goal.reached(&before), Err(NotYet::InProgress(TxId(10))));
        let rolled = [log(1, 9), log(10, 14), open(15, 20)];
        let after = agreed(3, &[peer(2, 20, &rolled), peer(2, 20, &rolled)]).unwrap();
        let rejoin = goal.reached(&after).unwrap();
        assert_eq!(rejoin.segments, [file(1, 9), file(10, 14)]);
        assert_eq!((rejoin.promised, rejoin.committed_txid), (Epoch(2), Some(TxId(20))));
    }

    #[test]
    fn a_finished_segment_counts_once_it_is_known_to_be_committed() {
        let early = agreed(3, &[peer(2, 8, &[log(1, 9)]), peer(2, 8, &[])]).unwrap();
        assert_eq!(early.segments, []);
        assert_eq!(Goal::of(&early).reached(&early), Err(NotYet::InProgress(TxId(1))));
    }

    #[test]
    fn gaps_and_contradictions_are_not_papered_over() {
        let a = peer(2, 30, &[log(1, 9), log(20, 30)]);
        let gap = agreed(3, &[a.clone(), a.clone()]).unwrap();
        assert_eq!(Goal::of(&gap).reached(&gap), Err(NotYet::Gap(TxId(10))));
        let filled = agreed(3, &[a.clone(), peer(2, 30, &[log(10, 19)])]).unwrap();
        assert_eq!(Goal::of(&filled).reached(&filled).unwrap().segments.len(), 3);
        let contradiction = agreed(3, &[a, peer(2, 30, &[log(1, 8)])]);
        let (one, other) = (file(1, 8), file(1, 9));
        assert_eq!(contradiction, Err(NotYet::Contradiction { one, other }));
    }
}
