//! Everything the daemon takes from its configuration, typed and checked before anything starts.
//!
//! [`ControllerSettings::from_conf`] reads it; a [`StartFailure`] has Java's exit code.

mod controller_settings;
mod evidence_settings;
mod generic_keys;
mod health_settings;
mod host;
mod keys;
mod local_namenode;
mod namenode_settings;
mod namenodes;
mod nameservice_settings;
mod start_failure;
mod strange_node;
mod timing;
mod tls_files;
mod transition_settings;
mod zookeeper;
mod zookeeper_settings;

pub use controller_settings::ControllerSettings;
pub use evidence_settings::EvidenceSettings;
pub use health_settings::HealthSettings;
pub use host::{Host, SystemHost};
pub use keys::{ACL, AUTH, STATUS_HTTP_ADDRESS, ZKFC_PORT};
pub use local_namenode::local_namenode;
pub use namenode_settings::NameNodeSettings;
pub use nameservice_settings::NameserviceSettings;
pub use start_failure::StartFailure;
pub use strange_node::StrangeNode;
pub use tls_files::TlsFiles;
pub use transition_settings::TransitionSettings;
pub use zookeeper_settings::ZooKeeperSettings;
