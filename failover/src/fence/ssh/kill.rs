use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::connection::Connection;
use super::ports::{owners_in_list, owners_in_ss};
use super::probe::{Listening, Probe, SBIN};
use super::remote::Remote;
use crate::fence::Outcome;
use crate::fence::log_level::LogLevel;
use crate::fence::output_log::OutputLog;

/// How long the port of a killed process may stay in use. A large one takes a while to die.
const GONE_LIMIT: Duration = Duration::from_secs(10);
/// Pause between two looks at it.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Kills what owns the port and proves it; the table is in the documentation of
/// [`fence`](crate::fence).
pub(super) struct Kill<'a> {
    pub(super) connection: &'a Connection,
    pub(super) probe: &'a Probe,
    /// Who logged in, for reasons.
    pub(super) user: &'a str,
}

impl Kill<'_> {
    pub(super) async fn run(&self) -> Outcome {
        let port = self.probe.port;
        match self.fuser().await {
            Remote::Exited { status: 0, stdout, .. } => {
                self.await_gone(&format!("fuser killed {}", stdout.trim())).await
            }
            Remote::Exited { status: 1, .. } => self.nobody_seen().await,
            Remote::NoSuchCommand => self.without_fuser().await,
            other => not_fenced(format!("fuser on port {port}: {}", other.summary())),
        }
    }

    /// Java's command to the letter: a forced command or sudo rule may know it.
    async fn fuser(&self) -> Remote {
        let command = format!("{SBIN} fuser -v -k -n tcp {}", self.probe.port);
        let log = OutputLog::new(&command);
        let remote = self.connection.run(&command).await;
        if let Remote::Exited { stdout, stderr, .. } = &remote {
            stdout.lines().for_each(|line| log.line(line, LogLevel::Info));
            stderr.lines().for_each(|line| log.line(line, LogLevel::Warn));
        }
        remote
    }

    /// `fuser` found none, or none that it may see.
    async fn nobody_seen(&self) -> Outcome {
        let port = self.probe.port;
        match self.probe.look(self.connection).await {
            Listening::No(by) => {
                Outcome::Fenced(format!("nobody listens on port {port} any more, says {by}"))
            }
            Listening::Yes(by) => not_fenced(format!(
                "{by} shows that port {port} is in use, and {} may not see or kill its owner: let \
                 sshfence log in as root or as the NameNode's own user, sshfence(USER), or write \
                 shell(SCRIPT) that uses sudo on the target",
                self.user
            )),
            Listening::Unknown(why) => not_fenced(no_proof(port, &why)),
        }
    }

    async fn without_fuser(&self) -> Outcome {
        let port = self.probe.port;
        match self.probe.look(self.connection).await {
            Listening::No(by) => {
                return Outcome::Fenced(format!("nobody listens on port {port}, says {by}"));
            }
            Listening::Unknown(why) => return not_fenced(no_proof(port, &why)),
            Listening::Yes(_) => {}
        }
        let Some((owners, by)) = owners(self.connection, port).await else {
            return not_fenced(format!(
                "port {port} is in use, the target has no fuser, and neither ss nor lsof shows {} \
                 its owner: install psmisc there, and log in as root or the NameNode's own user",
                self.user
            ));
        };
        let pids: Vec<String> = owners.iter().map(u32::to_string).collect();
        let pids = pids.join(" ");
        match self.connection.run(&format!("kill -KILL {pids}")).await {
            Remote::Exited { status: 0, .. } => {
                self.await_gone(&format!("killed {pids}, which {by} showed")).await
            }
            other => not_fenced(format!(
                "{by} shows that {pids} listens on port {port}, and kill: {}",
                other.summary()
            )),
        }
    }

    /// Looks until the port is free.
    async fn await_gone(&self, done: &str) -> Outcome {
        let (port, started) = (self.probe.port, Instant::now());
        loop {
            match self.probe.look(self.connection).await {
                Listening::No(by) => {
                    return Outcome::Fenced(format!("{done}; port {port} is free, says {by}"));
                }
                Listening::Unknown(why) => {
                    return not_fenced(format!("{done}; {}", no_proof(port, &why)));
                }
                Listening::Yes(by) if started.elapsed() > GONE_LIMIT => {
                    return not_fenced(format!(
                        "{done}, and {} s later {by} still shows port {port} in use: look whether \
                         something starts the process again",
                        GONE_LIMIT.as_secs()
                    ));
                }
                Listening::Yes(_) => sleep(LOOK_AGAIN).await,
            }
        }
    }
}

/// Who listens on the port, where that is certain, and which tool says so.
pub(super) async fn owners(
    connection: &Connection,
    port: u16,
) -> Option<(BTreeSet<u32>, &'static str)> {
    let table = connection.run(&format!("{SBIN} ss -ltnp")).await.success();
    if let Some(owners) = table.and_then(|table| owners_in_ss(&table, port)) {
        return Some((owners, "ss"));
    }
    let list = format!("{SBIN} lsof -nP -t -iTCP:{port} -sTCP:LISTEN");
    let owners = connection.run(&list).await.success().and_then(|list| owners_in_list(&list));
    Some((owners?, "lsof"))
}

fn no_proof(port: u16, why: &str) -> String {
    format!(
        "nothing on the target can tell whether port {port} is free: install iproute2 (ss) there; \
         tried: {why}"
    )
}

fn not_fenced(why: String) -> Outcome {
    Outcome::NotFenced(why)
}
