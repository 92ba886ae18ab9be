use std::time::Duration;

use super::{Fault, Fencing};

/// When the steps of one failover were seen, from the fault on.
#[derive(Debug, Clone, Copy)]
pub struct Marks {
    /// Another session holds the lock.
    pub lock: Duration,
    /// The new active's NameNode was told to be it.
    pub transition: Duration,
    /// A client's first operation was acknowledged after that.
    pub acknowledged: Duration,
}

/// What a controller takes.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// From exec until its port is open.
    pub exec_to_port: Duration,
    /// After the failovers of this run.
    pub resident_kib: u64,
    /// After the failovers of this run.
    pub threads: u64,
}

/// Everything measured with one kind of controller.
#[derive(Debug, Default)]
pub struct Figures {
    /// The rounds of each case, in the order in which they ran.
    pub cases: Vec<(Fault, Fencing, Vec<Marks>)>,
    /// One for each restart of a controller.
    pub costs: Vec<Cost>,
}
