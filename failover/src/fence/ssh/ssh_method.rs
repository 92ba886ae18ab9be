use tokio::time::timeout;

use super::SshOptions;
use super::check::Check;
use super::connection::Connection;
use super::host_text::is_plain_host;
use super::kill::Kill;
use super::login::Login;
use super::probe::Probe;
use crate::fence::grammar::SshLogin;
use crate::fence::{CheckResult, FenceTarget, Outcome};

/// `sshfence`.
#[derive(Clone, Copy, Debug)]
pub(in crate::fence) struct SshMethod<'a> {
    pub(in crate::fence) login: &'a SshLogin,
    pub(in crate::fence) options: &'a SshOptions,
}

impl SshMethod<'_> {
    /// Logs in, kills, proves. Java: `SshFenceByTcpPort.tryFence`.
    pub(in crate::fence) async fn fence(self, target: &FenceTarget) -> Outcome {
        self.fence_through(self.log_in(target).await, target).await
    }

    /// The part that changes nothing on the target.
    pub(in crate::fence) async fn log_in(self, target: &FenceTarget) -> Login {
        Login(self.connect(target).await)
    }

    /// The part that kills.
    pub(in crate::fence) async fn fence_through(
        self,
        login: Login,
        target: &FenceTarget,
    ) -> Outcome {
        match login.0 {
            Err(why) => Outcome::NotFenced(why),
            Ok((connection, port)) => {
                let probe = self.probe(target, port);
                let limit = self.options.command_deadline;
                let kill = Kill { connection: &connection, probe: &probe, user: self.user() };
                let outcome = timeout(limit, kill.run()).await;
                // A command that hangs holds the channel; ending ssh ends it.
                connection.close().await;
                outcome.unwrap_or_else(|_| Outcome::NotFenced(self.hung(target)))
            }
        }
    }

    pub(in crate::fence) async fn check(
        self,
        method: &str,
        target: &FenceTarget,
    ) -> Vec<CheckResult> {
        let mut check = Check::new(method);
        check.keys(&self.options.key_files).await;
        if !check.run_dir(&self.options.run_dir) {
            return check.rows;
        }
        match self.connect(target).await {
            Err(why) => check.no_login(&self.place(target), why),
            Ok((connection, port)) => {
                check.login(&self.place(target));
                let limit = self.options.command_deadline;
                let probe = self.probe(target, port);
                let look = check.target(&connection, &probe, self.user());
                if timeout(limit, look).await.is_err() {
                    check.hangs(limit);
                }
                connection.close().await;
            }
        }
        check.rows
    }

    async fn connect(self, target: &FenceTarget) -> Result<(Connection, u16), String> {
        let host = bare_host(target);
        if !is_plain_host(host) {
            return Err(format!(
                "{host:?} is no host name, so no command is built from it; look who wrote the \
                 breadcrumb in ZooKeeper"
            ));
        }
        let port = u16::try_from(target.node.port).ok().filter(|port| *port != 0);
        let port = port.ok_or_else(|| format!("{} is no port to fence", target.node.port))?;
        let connection = Connection::open(host, self.login, self.options)
            .await
            .map_err(|why| format!("cannot log in to {}: {why}", self.place(target)))?;
        Ok((connection, port))
    }

    fn probe(self, target: &FenceTarget, port: u16) -> Probe {
        let ip = target.address.map(|address| address.ip().to_string());
        Probe::of(bare_host(target), ip, port)
    }

    fn hung(&self, target: &FenceTarget) -> String {
        format!(
            "the commands on {} did not end within {} ms",
            self.place(target),
            self.options.command_deadline.as_millis()
        )
    }

    fn user(&self) -> &str {
        self.login.user.as_deref().unwrap_or("the user of this controller")
    }

    fn place(&self, target: &FenceTarget) -> String {
        let user = self.login.user.as_ref().map(|user| format!("{user}@")).unwrap_or_default();
        format!("{user}{}:{}", target.node.hostname, self.login.port)
    }
}

/// Without the brackets of an IPv6 address.
fn bare_host(target: &FenceTarget) -> &str {
    target.node.hostname.trim_matches(['[', ']'])
}
