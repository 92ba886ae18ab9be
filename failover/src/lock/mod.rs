//! The lock and the breadcrumb of an election, and where they are kept.
//!
//! [`LockService`] opens sessions; a [`LockSession`] holds the lock for as long as it lives.

mod acl_entry;
mod auth_entry;
mod breadcrumb;
mod lock_error;
mod lock_owner;
mod lock_service;
mod lock_session;
pub mod memory;
mod session_event;
mod session_id;
pub mod zookeeper;

pub use acl_entry::{AclEntry, BadAcl};
pub use auth_entry::{AuthEntry, BadAuth};
pub use breadcrumb::Breadcrumb;
pub use lock_error::LockError;
pub use lock_owner::LockOwner;
pub use lock_service::LockService;
pub use lock_session::LockSession;
pub use session_event::SessionEvent;
pub use session_id::SessionId;
