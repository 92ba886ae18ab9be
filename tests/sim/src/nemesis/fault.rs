use std::fmt;
use std::time::Duration;

use crate::hosts::Host;

/// What a node loses when it goes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The process: what it wrote stays in the page cache.
    Process,
    /// The power: what was not synced may be lost.
    Power,
}

/// Something that happens to the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A node goes down now.
    Down(usize, Loss),
    /// A node goes down in the middle of the disk operation that comes after so many others.
    DownAt(usize, Loss, u64),
    /// A host that is down is started.
    Up(Host),
    /// The disk operation of a node that comes after so many others fails.
    FailOperation(usize, u64),
    /// A node's disk has so many bytes left.
    FillDisk(usize, u64),
    /// A node's disk has room again.
    EmptyDisk(usize),
    /// A node's disk is replaced with an empty one.
    Wipe(usize),
    /// A writer goes down now.
    WriterDown(usize),
    /// Nothing gets from one host to the other, nor back.
    Partition(Host, Host),
    /// Nothing gets from the first host to the second; the other way is open.
    PartitionOneway(Host, Host),
    /// What one host sends to the other waits.
    Hold(Host, Host),
    /// Two hosts reach each other again, and what waited arrives.
    Release(Host, Host),
    /// The monotonic clock of a host jumps, as after a stop.
    JumpClock(Host, Duration),
    /// The wall clocks jump.
    JumpWallClock(Duration),
    /// Messages take up to so long.
    Latency(Duration),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Down(node, loss) => write!(f, "{} loses its {loss}", Host::Node(*node)),
            Self::DownAt(node, loss, after) => {
                write!(f, "{} will lose its {loss} after {after} operations", Host::Node(*node))
            }
            Self::Up(host) => write!(f, "{host} starts"),
            Self::FailOperation(node, after) => {
                write!(f, "the disk of {} will fail after {after} operations", Host::Node(*node))
            }
            Self::FillDisk(node, left) => {
                write!(f, "the disk of {} has {left} bytes left", Host::Node(*node))
            }
            Self::EmptyDisk(node) => write!(f, "the disk of {} has room", Host::Node(*node)),
            Self::Wipe(node) => write!(f, "the disk of {} is replaced", Host::Node(*node)),
            Self::WriterDown(writer) => write!(f, "{} goes down", Host::Writer(*writer)),
            Self::Partition(a, b) => write!(f, "{a} and {b} are cut off"),
            Self::PartitionOneway(from, to) => write!(f, "{from} does not reach {to}"),
            Self::Hold(a, b) => write!(f, "{a} and {b} are held"),
            Self::Release(a, b) => write!(f, "{a} and {b} reach each other"),
            Self::JumpClock(host, by) => write!(f, "the clock of {host} jumps by {by:?}"),
            Self::JumpWallClock(by) => write!(f, "the wall clocks are {by:?} ahead"),
            Self::Latency(most) => write!(f, "messages take up to {most:?}"),
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Power { "power" } else { "process" })
    }
}
