//! `scripts/chaos`: a user's cluster of real NameNodes, ZooKeeper and our daemons under load, a
//! nemesis that follows a seed, and a checker that looks for what must never be seen.

mod applied;
mod checker;
mod clients;
mod fault;
mod nemesis;
mod operation;
mod plan;
mod replica;
mod report;
mod run;
mod violation;
mod writing;

pub use applied::Applied;
pub use checker::Checker;
pub use clients::Clients;
pub use fault::{Fault, Node, Role};
pub use nemesis::Nemesis;
pub use operation::{Answer, Operation, OperationKind};
pub use plan::{Plan, Step};
pub use replica::{Replica, Transaction};
pub use report::{Event, Report, Totals};
pub use run::Run;
pub use violation::Violation;
pub use writing::Writing;
