//! The value of `dfs.ha.fencing.methods`.

mod method;
mod methods;
mod ssh_login;

pub(super) use method::Method;
pub(super) use methods::Methods;
pub(super) use ssh_login::SshLogin;
