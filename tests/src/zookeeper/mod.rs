//! Real ZooKeeper 3.8.4, from the jars that come with Hadoop: one server, or three voters and an
//! observer; and a gate in front of a server that can be shut.

mod authority;
mod ensemble;
mod four_letter;
mod gate;
mod server;

pub use authority::Authority;
pub use ensemble::ZooKeeperEnsemble;
pub use four_letter::four_letter_word;
pub use gate::Gate;
pub use server::{TICK, ZooKeeperServer};
