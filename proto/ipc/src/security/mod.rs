//! Who is calling, and may they: Hadoop's principals, its mapping of them to local names and
//! groups, and service-level authorization.
//!
//! [`ServiceAuthorization`] answers the one question a server asks per connection. The rest are
//! its parts, each usable alone: [`AccessControlList`], [`MachineList`], [`AuthToLocal`],
//! [`PrincipalPattern`]. What needs the system (groups, names of hosts) stands behind the traits
//! [`GroupMapping`] and [`HostNames`].
//!
//! Java's classes: `ServiceAuthorizationManager`, `AccessControlList`, `MachineList`,
//! `KerberosName`, `HadoopKerberosName`, `SecurityUtil`, `Groups`.

mod access_control_list;
mod auth_rule;
mod auth_to_local;
mod authentication;
mod bounded_command;
mod cached_groups;
mod default_realm;
mod error;
mod expiring_cache;
mod group_mapping;
mod host_names;
mod kerberos_name;
mod machine_list;
mod principal_pattern;
mod protocols;
mod replacement;
mod service_authorization;

pub use access_control_list::AccessControlList;
pub use auth_to_local::{AuthToLocal, Mechanism};
pub use authentication::Authentication;
pub(crate) use bounded_command::output_of;
pub use cached_groups::CachedGroups;
pub use default_realm::default_realm;
pub use error::{NameError, SecurityError};
pub use group_mapping::{GroupMapping, NoGroups, SystemGroups};
pub use host_names::{HostNames, SystemHostNames};
pub use kerberos_name::KerberosName;
pub use machine_list::MachineList;
pub use principal_pattern::PrincipalPattern;
pub use service_authorization::ServiceAuthorization;
