use std::collections::BTreeMap;

use super::node::Node;
use super::seat::News;
use crate::engine::fixture::Log;
use crate::types::{Epoch, TxId};

/// A promise to the writers that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Broken {
    Lost,
    Replaced,
    WrittenOver,
    FencedWriterServed,
    EpochWentDown,
    Contradiction,
    NoRecovery,
}

/// What the nodes owe to the writers, kept apart from both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Oracle {
    /// To the writer of which epoch, and the mark.
    acknowledged: BTreeMap<TxId, (Epoch, u8)>,
    /// The first promise that was broken.
    pub(super) broken: Option<Broken>,
    pub(super) reopened: bool,
}

impl Oracle {
    pub(super) fn hear(&mut self, news: &News) {
        match news {
            News::FencedWriterServed => self.complain(Broken::FencedWriterServed),
            News::Contradiction(_) => self.complain(Broken::Contradiction),
            News::Opened(epoch, next) => self.opened(*epoch, *next),
            News::Acknowledged(epoch, txid, mark) => {
                if self.acknowledged.insert(*txid, (*epoch, *mark)).is_some() {
                    self.complain(Broken::WrittenOver);
                }
            }
        }
    }

    /// Nothing acknowledged to an earlier writer may be written again. What a later one has is
    /// beyond this one: it may hear late that it was opened, but nobody serves it any more.
    fn opened(&mut self, epoch: Epoch, next: Option<TxId>) {
        let earlier = self.acknowledged.iter().rfind(|(_, (writer, _))| *writer < epoch);
        let last = earlier.map(|(txid, _)| *txid);
        if next.is_some_and(|next| last >= Some(next)) {
            self.complain(Broken::WrittenOver);
        }
        self.reopened |= last.is_some();
    }

    pub(super) fn compare_epochs(&mut self, before: &Node, after: &Node) {
        let (before, after) = (&before.directory, &after.directory);
        if after.promised < before.promised || after.writer < before.writer {
            self.complain(Broken::EpochWentDown);
        }
    }

    /// What every look at the nodes must show.
    pub(super) fn look_at<'a>(&mut self, nodes: impl Iterator<Item = &'a Node> + Clone) {
        for (txid, (_, mark)) in &self.acknowledged.clone() {
            if nodes.clone().filter(|node| is_durable(node, *txid, *mark)).count() < 2 {
                self.complain(Broken::Lost);
            }
        }
        let acknowledged = self.acknowledged.iter().map(|(txid, (_, mark))| (*txid, *mark));
        let mut finished: BTreeMap<TxId, u8> = acknowledged.collect();
        for (txid, mark) in nodes.flat_map(finished_marks) {
            if *finished.entry(txid).or_insert(mark) != mark {
                self.complain(Broken::Replaced);
            }
        }
    }

    pub(super) fn complain(&mut self, broken: Broken) {
        self.broken.get_or_insert(broken);
    }
}

/// Whether a power cut leaves it there, under a name that the next recovery looks at.
fn is_durable(node: &Node, txid: TxId, mark: u8) -> bool {
    let directory = &node.directory;
    let accepted = directory
        .paxos
        .values()
        .filter_map(|record| directory.downloads.get(&(record.segment.start, record.accepted_in)));
    directory.edits.values().chain(accepted).any(|log| {
        let synced = TxId(log.first.0 + log.synced as i64);
        txid < synced && log.mark_of(txid) == Some(mark)
    })
}

fn finished_marks(node: &Node) -> impl Iterator<Item = (TxId, u8)> + '_ {
    let finished = node.directory.edits.iter().filter(|(file, _)| !file.is_in_progress());
    finished.flat_map(|(_, log)| marks(log))
}

fn marks(log: &Log) -> impl Iterator<Item = (TxId, u8)> + '_ {
    log.marks.iter().enumerate().map(|(at, mark)| (TxId(log.first.0 + at as i64), *mark))
}

/// Whether a majority has promised itself to a newer writer.
pub(super) fn is_fenced<'a>(nodes: impl Iterator<Item = &'a Node>, epoch: Epoch) -> bool {
    nodes.filter(|node| node.directory.promised > epoch).count() >= 2
}
