//! What runs on the hosts of the simulated network: real servers and real clients.

mod addresses;
mod clock;
mod node;
mod operator;
mod quorum;
mod reader;
mod writer;

pub(crate) use addresses::Host;
pub(crate) use clock::{Clock, set_wall_clock_jump};
pub(crate) use node::{EDITS, Node};
pub(crate) use operator::format;
pub(crate) use quorum::{NODES, ROOT};
pub(crate) use reader::tail;
pub(crate) use writer::{WriterHost, write_on};
