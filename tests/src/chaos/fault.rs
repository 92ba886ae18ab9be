use std::fmt;

/// One of the hosts with a JournalNode and a ZooKeeper voter: `node1`, `node2` or `node3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Node(pub u8);

/// Which NameNode, by what it is when the fault comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The one that is active.
    Active,
    /// The other.
    Standby,
}

/// Which way a clock jumps, by an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Jump {
    /// Into what is to come.
    Forward,
    /// Into what has been.
    Back,
}

/// What is done to the cluster. Every fault lasts until the round is healed, but for restarts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// kill -9 of a NameNode.
    KillNameNode(Role),
    /// kill -9 of a NameNode's controller.
    KillController(Role),
    /// kill -9 of a NameNode and its controller at once.
    KillBoth(Role),
    /// kill -9 of a JournalNode.
    KillJournalNode(Node),
    /// kill -9 of the other two JournalNodes: no majority is left.
    KillAllButOne(Node),
    /// SIGSTOP of a NameNode.
    FreezeNameNode(Role),
    /// SIGSTOP of a NameNode's controller.
    FreezeController(Role),
    /// SIGSTOP of a JournalNode.
    FreezeJournalNode(Node),
    /// A NameNode's host reaches no other, and none reaches it.
    Isolate(Role),
    /// A NameNode's host has lost the JournalNodes and ZooKeeper, but can be fenced.
    CutFromNodes(Role),
    /// A NameNode's host has the JournalNodes and ZooKeeper, and nobody else.
    CutFromPeers(Role),
    /// A NameNode's host has lost the JournalNodes alone.
    CutFromJournals(Role),
    /// A NameNode's host has lost ZooKeeper alone.
    CutFromZookeeper(Role),
    /// What a NameNode's host sends to the JournalNodes and ZooKeeper is lost on the way.
    LoseRequests(Role),
    /// What the JournalNodes and ZooKeeper send to a NameNode's host is lost on the way.
    LoseAnswers(Role),
    /// A share of the packets to and from a NameNode's host is lost.
    LoseShare(Role),
    /// Every packet from a NameNode's host is late, and some overtake others.
    Delay(Role),
    /// The wall clock of a NameNode's host jumps.
    JumpClock(Role, Jump),
    /// The host of a JournalNode and a ZooKeeper voter is cut off.
    IsolateNode(Node),
    /// What that host sends is lost in bursts.
    LoseBursts(Node),
    /// A share of the packets to and from that host is lost.
    LoseNodeShare(Node),
    /// Every packet from that host is late, and some overtake others.
    DelayNode(Node),
    /// The wall clock of a JournalNode jumps.
    JumpNodeClock(Node, Jump),
    /// A JournalNode that is stopped every other moment: all its answers are late.
    Stutter(Node),
    /// No room is left on a journal's file system.
    FillDisk(Node),
    /// A journal's file system aborts and becomes read-only, with files open.
    DiskError(Node),
    /// Every JournalNode is ended and started again, one after the other.
    RestartJournalNodes,
    /// Every controller is ended and started again, one after the other.
    RestartControllers,
}

impl Fault {
    /// Every fault on every target.
    pub fn all() -> Vec<Self> {
        let roles: [fn(Role) -> Self; 16] = [
            Self::KillNameNode,
            Self::KillController,
            Self::KillBoth,
            Self::FreezeNameNode,
            Self::FreezeController,
            Self::Isolate,
            Self::CutFromNodes,
            Self::CutFromPeers,
            Self::CutFromJournals,
            Self::CutFromZookeeper,
            Self::LoseRequests,
            Self::LoseAnswers,
            Self::LoseShare,
            Self::Delay,
            |role| Self::JumpClock(role, Jump::Forward),
            |role| Self::JumpClock(role, Jump::Back),
        ];
        let nodes: [fn(Node) -> Self; 12] = [
            Self::KillJournalNode,
            Self::KillAllButOne,
            Self::FreezeJournalNode,
            Self::IsolateNode,
            Self::LoseBursts,
            Self::LoseNodeShare,
            Self::DelayNode,
            |node| Self::JumpNodeClock(node, Jump::Forward),
            |node| Self::JumpNodeClock(node, Jump::Back),
            Self::Stutter,
            Self::FillDisk,
            Self::DiskError,
        ];
        let mut all = vec![Self::RestartJournalNodes, Self::RestartControllers];
        all.extend(roles.iter().flat_map(|of| [of(Role::Active), of(Role::Standby)]));
        all.extend(nodes.iter().flat_map(|of| (1..=3).map(|number| of(Node(number)))));
        all
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node{}", self.0)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::Standby => "standby",
        })
    }
}

impl fmt::Display for Jump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forward => "an hour forward",
            Self::Back => "an hour back",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KillNameNode(role) => write!(f, "kill -9 of the {role} NameNode"),
            Self::KillController(role) => write!(f, "kill -9 of the {role}'s zkfc-rs"),
            Self::KillBoth(role) => write!(f, "kill -9 of the {role} NameNode and its zkfc-rs"),
            Self::KillJournalNode(node) => write!(f, "kill -9 of {node}'s journalnode"),
            Self::KillAllButOne(node) => write!(f, "kill -9 of all journalnodes but {node}'s"),
            Self::FreezeNameNode(role) => write!(f, "SIGSTOP of the {role} NameNode"),
            Self::FreezeController(role) => write!(f, "SIGSTOP of the {role}'s zkfc-rs"),
            Self::FreezeJournalNode(node) => write!(f, "SIGSTOP of {node}'s journalnode"),
            Self::Isolate(role) => write!(f, "the {role}'s host cut off from all others"),
            Self::CutFromNodes(role) => {
                write!(f, "the {role}'s host cut off from JournalNodes and ZooKeeper")
            }
            Self::CutFromPeers(role) => {
                write!(f, "the {role}'s host cut off from all but JournalNodes and ZooKeeper")
            }
            Self::CutFromJournals(role) => {
                write!(f, "the {role}'s host cut off from the JournalNodes alone")
            }
            Self::CutFromZookeeper(role) => {
                write!(f, "the {role}'s host cut off from ZooKeeper alone")
            }
            Self::LoseRequests(role) => write!(f, "one way: from the {role}'s host to the nodes"),
            Self::LoseAnswers(role) => write!(f, "one way: from the nodes to the {role}'s host"),
            Self::LoseShare(role) => {
                write!(f, "packets to and from the {role}'s host lost by chance")
            }
            Self::Delay(role) => write!(f, "packets from the {role}'s host late and out of order"),
            Self::JumpClock(role, jump) => write!(f, "clock of the {role}'s host {jump}"),
            Self::IsolateNode(node) => write!(f, "{node} cut off from all others"),
            Self::LoseBursts(node) => write!(f, "bursts of packets from {node} lost"),
            Self::LoseNodeShare(node) => write!(f, "packets to and from {node} lost by chance"),
            Self::DelayNode(node) => write!(f, "packets from {node} late and out of order"),
            Self::JumpNodeClock(node, jump) => write!(f, "clock of {node}'s journalnode {jump}"),
            Self::Stutter(node) => write!(f, "{node}'s journalnode stopped every other moment"),
            Self::FillDisk(node) => write!(f, "no room on {node}'s journal"),
            Self::DiskError(node) => write!(f, "{node}'s journal aborts and is read-only"),
            Self::RestartJournalNodes => f.write_str("journalnodes restarted one by one"),
            Self::RestartControllers => f.write_str("zkfc-rs restarted one by one"),
        }
    }
}
