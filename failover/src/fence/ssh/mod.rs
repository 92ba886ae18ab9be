//! `sshfence`: log in on the target's machine and kill what owns the port.

mod check;
mod connection;
mod control_dir;
mod host_text;
mod kill;
mod known_hosts;
mod login;
mod master;
mod ports;
mod private_key;
mod probe;
mod remote;
mod ssh_method;
mod ssh_options;

pub(in crate::fence) use control_dir::ControlDir;
pub use known_hosts::KnownHosts;
pub(super) use login::Login;
pub(super) use ssh_method::SshMethod;
pub use ssh_options::SshOptions;
