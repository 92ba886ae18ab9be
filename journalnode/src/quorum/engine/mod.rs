//! The client side without I/O: who has to agree, what to recover, and what to send next.
//!
//! [`Writer`] takes events and gives commands; [`Tally`] counts answers; [`choose`] is the
//! rule of a recovery. Nothing in here knows a socket, a clock or a task: the time is a value
//! that comes with each event.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod agreement;
mod call;
mod channel;
mod deadline;
mod event;
mod negotiate;
mod node_failure;
mod node_index;
mod op_decoder;
mod phase;
mod quorum_error;
mod recover;
mod round;
mod tally;
mod writer;
mod writer_status;
#[cfg(test)]
mod writer_tests;

pub use agreement::{Op, agreed_prefix};
pub use call::{Answer, Batch, Call, Outgoing};
pub use channel::NodeStatus;
pub use deadline::Deadline;
pub use event::{Command, Event, Order};
pub use negotiate::{newest_segment, next_epoch};
pub use node_failure::NodeFailure;
pub use node_index::NodeIndex;
pub use op_decoder::{BadOp, OpDecoder};
pub use phase::Phase;
pub use quorum_error::{Lost, NodeVote, QuorumError, Vote};
pub use recover::{Choice, RecoveryFault, choose};
pub use round::{Operation, RoundId};
pub use tally::{Tally, Verdict};
pub use writer::Writer;
pub use writer_status::WriterStatus;
