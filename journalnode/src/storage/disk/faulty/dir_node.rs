use std::collections::BTreeMap;

use super::random::Random;

pub(super) type NodeId = u64;

/// One atomic change of a directory.
#[derive(Clone, Debug, Default)]
pub(super) struct DirChange {
    pub(super) removed: Option<String>,
    pub(super) added: Option<(String, NodeId)>,
}

/// A directory: what a process sees, what the disk has, and the changes in between.
#[derive(Clone, Debug, Default)]
pub(super) struct DirNode {
    pub(super) seen: BTreeMap<String, NodeId>,
    durable: BTreeMap<String, NodeId>,
    pending: Vec<DirChange>,
}

impl DirChange {
    fn apply(&self, names: &mut BTreeMap<String, NodeId>) {
        if let Some(name) = &self.removed {
            names.remove(name);
        }
        if let Some((name, node)) = &self.added {
            names.insert(name.clone(), *node);
        }
    }
}

impl DirNode {
    pub(super) fn change(&mut self, change: DirChange) {
        change.apply(&mut self.seen);
        self.pending.push(change);
    }

    pub(super) fn sync(&mut self) {
        for change in self.pending.drain(..) {
            change.apply(&mut self.durable);
        }
    }

    /// Some of the changes reach the disk, in order; all count as clean. A later sync does
    /// not bring the others.
    pub(super) fn fail_sync(&mut self, random: &mut Random) {
        let kept = random.up_to(self.pending.len());
        for change in self.pending.drain(..).take(kept) {
            change.apply(&mut self.durable);
        }
    }

    /// What has a name now, or may have one again after a crash.
    pub(super) fn named(&self) -> impl Iterator<Item = NodeId> {
        let pending = self.pending.iter().filter_map(|change| change.added.as_ref());
        let pending = pending.map(|(_, node)| *node);
        self.seen.values().chain(self.durable.values()).copied().chain(pending)
    }

    pub(super) fn crash(&mut self, random: &mut Random) {
        match random.up_to(2) {
            0 => self.pending.clear(),
            1 => self.sync(),
            _ => self.fail_sync(random),
        }
        self.seen.clone_from(&self.durable);
    }
}
