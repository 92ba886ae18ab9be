//! Names and states that all parts of the controller share.

mod active_node;
mod health;
mod namenode_id;
mod service_state;

pub use active_node::{ActiveNode, BadActiveNode};
pub use health::Health;
pub use namenode_id::NameNodeId;
pub use service_state::ServiceState;
