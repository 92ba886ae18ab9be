//! `ZKFCProtocol`: what other controllers and `hdfs haadmin` ask of this one.
//!
//! [`ZkfcProtocol`] is the serving side, over [`ControllerCalls`]; [`PeerController`] asks other
//! controllers; [`Admins`] are the users who may ask.

mod admins;
mod call_failure;
mod controller_calls;
mod peer_controller;
mod server_options;
mod zkfc_protocol;

pub use admins::Admins;
pub use call_failure::CallFailure;
pub use controller_calls::{ControllerCalls, Requester};
pub use peer_controller::PeerController;
pub use server_options::server_options;
pub use zkfc_protocol::ZkfcProtocol;
