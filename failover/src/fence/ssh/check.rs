use std::path::{Path, PathBuf};
use std::time::Duration;

use super::connection::Connection;
use super::control_dir::ControlDir;
use super::kill::owners;
use super::ports::owners_in_list;
use super::private_key::PrivateKey;
use super::probe::{Listening, Probe, SBIN};
use super::remote::Remote;
use crate::fence::CheckResult;

/// The dry run of `sshfence`: looks at everything it depends on, and kills nothing.
#[derive(Debug)]
pub(super) struct Check {
    method: String,
    pub(super) rows: Vec<CheckResult>,
}

impl Check {
    pub(super) fn new(method: &str) -> Self {
        Self { method: method.to_owned(), rows: Vec::new() }
    }

    pub(super) async fn keys(&mut self, files: &[PathBuf]) {
        if files.is_empty() {
            let remedy = "set dfs.ha.fencing.ssh.private-key-files to a key without passphrase";
            self.bad("keys", "no key file is configured", remedy);
        }
        for file in files {
            let subject = format!("key {}", file.display());
            match PrivateKey::at(file).read().await {
                Ok(public) => {
                    let kind = public.split(' ').next().unwrap_or_default().to_owned();
                    self.good(&subject, kind);
                }
                Err(problem) => {
                    let found = problem.to_string();
                    self.bad(&subject, &found, "make ssh able to use it, or name another");
                }
            }
        }
    }

    /// Whether ssh can be started on this machine.
    pub(super) fn run_dir(&mut self, dir: &Path) -> bool {
        let made = ControlDir::make(dir);
        match &made {
            Ok(_) => self.good("run directory", dir.display().to_string()),
            Err(why) => self.bad("run directory", why, "correct dfs.ha.zkfc.rs.run-dir"),
        }
        made.is_ok()
    }

    pub(super) fn no_login(&mut self, place: &str, why: String) {
        let remedy = format!(
            "make this work on this machine, as this user: ssh -p PORT -i KEY USER@HOST true \
             ({place}); put the public key into authorized_keys there"
        );
        self.bad("login", &why, &remedy);
    }

    pub(super) fn login(&mut self, place: &str) {
        self.good("login", format!("{place} lets this key in"));
    }

    pub(super) fn hangs(&mut self, limit: Duration) {
        let found = format!("commands do not end within {} ms", limit.as_millis());
        self.bad("target", &found, "look at the load and the login scripts of the target");
    }

    /// Tools, and permission over the owner of the port.
    pub(super) async fn target(&mut self, connection: &Connection, probe: &Probe, user: &str) {
        let listening = probe.look(connection).await;
        match &listening {
            Listening::Yes(by) | Listening::No(by) => {
                self.good("port probe", format!("{by} works there"));
            }
            Listening::Unknown(why) => {
                self.bad("port probe", why, "install iproute2 (ss) on the target");
            }
        }
        let seen = self.fuser(connection, probe.port).await;
        self.permission(connection, probe.port, user, &listening, seen).await;
    }

    /// Looks for `fuser`, and with it for the owner of the port.
    async fn fuser(&mut self, connection: &Connection, port: u16) -> Option<Vec<u32>> {
        let remote = connection.run(&format!("{SBIN} fuser -n tcp {port}")).await;
        match remote {
            Remote::Exited { status: 0 | 1, ref stdout, .. } => {
                self.good("fuser", "is there");
                owners_in_list(stdout).map(|owners| owners.into_iter().collect())
            }
            other => {
                let remedy = "install psmisc on the target";
                let found = format!("{}; ss -ltnp or lsof stand in for it", other.summary());
                self.rows.push(CheckResult::doubtful(&self.method, "fuser", found, remedy));
                let owners = owners(connection, port).await;
                owners.map(|(owners, _)| owners.into_iter().collect())
            }
        }
    }

    async fn permission(
        &mut self,
        connection: &Connection,
        port: u16,
        user: &str,
        listening: &Listening,
        seen: Option<Vec<u32>>,
    ) {
        let remedy = "log in as root or as the NameNode's own user: sshfence(USER)";
        match (seen, listening) {
            (Some(pids), _) => {
                let list: Vec<String> = pids.iter().map(u32::to_string).collect();
                let list = list.join(" ");
                match connection.run(&format!("kill -0 {list}")).await {
                    Remote::Exited { status: 0, .. } => {
                        self.good("permission", format!("{user} may kill {list} on port {port}"));
                    }
                    other => {
                        let found = format!("kill -0 {list}: {}", other.summary());
                        self.bad("permission", &found, remedy);
                    }
                }
            }
            (None, Listening::Yes(by)) => {
                let found = format!("{by} shows port {port} in use, and {user} sees no owner");
                self.bad("permission", &found, remedy);
            }
            (None, _) => {
                let found = format!("nobody seems to listen on port {port}");
                let remedy = "check again while the NameNode runs";
                self.rows.push(CheckResult::doubtful(&self.method, "permission", found, remedy));
            }
        }
    }

    fn good(&mut self, subject: &str, found: impl Into<String>) {
        self.rows.push(CheckResult::good(&self.method, subject, found));
    }

    fn bad(&mut self, subject: &str, found: &str, remedy: &str) {
        self.rows.push(CheckResult::bad(&self.method, subject, found, remedy));
    }
}
