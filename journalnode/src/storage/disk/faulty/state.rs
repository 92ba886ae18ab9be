use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::dir_node::{DirChange, DirNode, NodeId};
use super::file_node::FileNode;
use super::lie::Lie;
use super::plan::{Fate, Plan};

pub(super) const ROOT: NodeId = 0;
/// What a fresh disk has left, in bytes.
const FREE_BYTES: u64 = 1 << 40;

#[derive(Clone, Debug)]
pub(super) enum Node {
    File(FileNode),
    Dir(DirNode),
}

/// Everything on the disk.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) nodes: BTreeMap<NodeId, Node>,
    next_node: NodeId,
    pub(super) plan: Plan,
    pub(super) free_bytes: u64,
    pub(super) lie: Option<Lie>,
    /// Grows with every crash: open files of before are void.
    pub(super) generation: u64,
    pub(super) locked: BTreeSet<PathBuf>,
    /// Files on bad sectors: reading them fails from this offset on.
    pub(super) unreadable: BTreeMap<NodeId, u64>,
}

pub(super) fn failed() -> io::Error {
    io::Error::other("injected failure")
}

pub(super) fn off() -> io::Error {
    io::Error::other("the power is off")
}

impl State {
    pub(super) fn new(seed: u64) -> Self {
        let nodes = BTreeMap::from([(ROOT, Node::Dir(DirNode::default()))]);
        let plan = Plan::new(seed);
        Self {
            nodes,
            next_node: ROOT + 1,
            plan,
            free_bytes: FREE_BYTES,
            lie: None,
            generation: 0,
            locked: BTreeSet::new(),
            unreadable: BTreeMap::new(),
        }
    }

    /// Runs a change as its fate says; a failed one has no effect.
    pub(super) fn run<T>(
        &mut self,
        change: impl FnOnce(&mut Self) -> io::Result<T>,
    ) -> io::Result<T> {
        match self.plan.next() {
            Fate::Works => change(self),
            Fate::Fails => Err(failed()),
            Fate::LastOne => change(self).and(Err(off())),
            Fate::Off => Err(off()),
        }
    }

    pub(super) fn check_power(&self) -> io::Result<()> {
        if self.plan.is_off { Err(off()) } else { Ok(()) }
    }

    pub(super) fn crash(&mut self) {
        let random = &mut self.plan.random;
        for node in self.nodes.values_mut() {
            match node {
                Node::File(file) => file.crash(random),
                Node::Dir(dir) => dir.crash(random),
            }
        }
        self.restart();
    }

    /// A new process begins, without a loss.
    pub(super) fn restart(&mut self) {
        self.plan.is_off = false;
        (self.plan.crash_at, self.plan.fail_at) = (None, None);
        self.generation += 1;
        self.locked.clear();
        self.forget_unnamed();
    }

    /// Nobody has them open any more.
    fn forget_unnamed(&mut self) {
        let mut named = BTreeSet::from([ROOT]);
        for node in self.nodes.values() {
            if let Node::Dir(dir) = node {
                named.extend(dir.named());
            }
        }
        self.nodes.retain(|id, _| named.contains(id));
        self.unreadable.retain(|id, _| named.contains(id));
    }

    pub(super) fn find(&self, path: &Path) -> io::Result<NodeId> {
        let mut at = ROOT;
        for component in path.components() {
            if let Component::Normal(name) = component {
                let name = name.to_str().ok_or(io::ErrorKind::InvalidInput)?;
                at = *self.dir(at)?.seen.get(name).ok_or(io::ErrorKind::NotFound)?;
            }
        }
        Ok(at)
    }

    /// The directory that holds a path's last name, and that name.
    pub(super) fn parent(&self, path: &Path) -> io::Result<(NodeId, String)> {
        let parent = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        let name = path.file_name().and_then(|name| name.to_str());
        Ok((self.find(parent)?, name.ok_or(io::ErrorKind::InvalidInput)?.to_owned()))
    }

    pub(super) fn dir(&self, id: NodeId) -> io::Result<&DirNode> {
        match self.nodes.get(&id) {
            Some(Node::Dir(dir)) => Ok(dir),
            _ => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    pub(super) fn dir_mut(&mut self, id: NodeId) -> io::Result<&mut DirNode> {
        match self.nodes.get_mut(&id) {
            Some(Node::Dir(dir)) => Ok(dir),
            _ => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    pub(super) fn file(&self, id: NodeId) -> io::Result<&FileNode> {
        match self.nodes.get(&id) {
            Some(Node::File(file)) => Ok(file),
            _ => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    pub(super) fn file_mut(&mut self, id: NodeId) -> io::Result<&mut FileNode> {
        match self.nodes.get_mut(&id) {
            Some(Node::File(file)) => Ok(file),
            _ => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    pub(super) fn create(&mut self, path: &Path, node: Node) -> io::Result<NodeId> {
        let (parent, name) = self.parent(path)?;
        if self.dir(parent)?.seen.contains_key(&name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let id = self.next_node;
        self.next_node += 1;
        self.nodes.insert(id, node);
        self.dir_mut(parent)?.change(DirChange { removed: None, added: Some((name, id)) });
        Ok(id)
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let node = self.find(from)?;
        if let Ok(target) = self.find(to)
            && self.dir(target).is_ok_and(|dir| !dir.seen.is_empty())
        {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        let (source, removed) = self.parent(from)?;
        let (target, added) = self.parent(to)?;
        let (removed, added) = (Some(removed), Some((added, node)));
        if source == target {
            self.dir_mut(source)?.change(DirChange { removed, added });
        } else {
            self.dir_mut(target)?.change(DirChange { removed: None, added });
            self.dir_mut(source)?.change(DirChange { removed, added: None });
        }
        Ok(())
    }

    pub(super) fn link(&mut self, original: &Path, link: &Path) -> io::Result<()> {
        let node = self.find(original)?;
        let (parent, name) = self.parent(link)?;
        if self.dir(parent)?.seen.contains_key(&name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.dir_mut(parent)?.change(DirChange { removed: None, added: Some((name, node)) });
        Ok(())
    }

    pub(super) fn unlink(&mut self, path: &Path) -> io::Result<()> {
        self.find(path)?;
        let (parent, name) = self.parent(path)?;
        self.dir_mut(parent)?.change(DirChange { removed: Some(name), added: None });
        Ok(())
    }
}
