//! `scripts/chaos`: a user's cluster of real NameNodes, ZooKeeper and our daemons under load, a
//! nemesis that follows a seed, and a checker that looks for what must never be seen.

mod applied;
mod checker;
#[cfg(test)]
mod checker_tests;
mod clients;
mod fault;
mod nemesis;
mod network;
mod operation;
mod plan;
mod replica;
mod report;
mod run;
mod site;
mod violation;
mod writing;

pub use applied::Applied;
pub use checker::Checker;
pub use clients::Clients;
pub use fault::{Fault, Jump, Node, Role};
pub use nemesis::Nemesis;
use network::Network;
pub use operation::{Answer, Operation, OperationKind};
pub use plan::{Plan, Step};
pub use replica::{Replica, Transaction};
pub use report::{Event, Report, Totals};
pub use run::Run;
pub use site::impatient;
pub use violation::Violation;
pub use writing::Writing;
