//! What the daemon takes from Hadoop's configuration, typed and checked before anything starts.

mod addresses;
mod cache_size;
mod idle_after;
mod index_options;
mod inspect_options;
mod keys;
mod rpc_options;
mod scrub_options;
#[allow(clippy::module_inception, reason = "the type the folder is about")]
mod settings;
mod settings_error;
mod sync_options;

pub use inspect_options::{inspect_host_port, inspect_tls};
pub use keys::{HTTP_ADDRESS, HTTP_BIND_HOST, INSPECT_ADDRESS, RPC_ADDRESS, RPC_BIND_HOST};
pub use settings::Settings;
pub use settings_error::SettingsError;
