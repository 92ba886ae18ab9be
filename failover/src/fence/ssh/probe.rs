use std::iter;
use std::time::Duration;

use tokio::time::timeout;

use super::connection::Connection;
use super::ports;
use super::remote::Remote;

/// Programs of administrators, for logins without them in the path. Java does the same.
pub(super) const SBIN: &str = "PATH=$PATH:/sbin:/usr/sbin";
/// Where this connection ends: what is certainly listened on.
const VARIABLE: &str = "echo $SSH_CONNECTION";
/// The kernel's table by the shell alone: the lines in state LISTEN.
const PROC: &str = "sh -c 'for f in /proc/net/tcp /proc/net/tcp6; do [ -r $f ] || continue; \
    while read -r l; do case \"$l\" in *\" 0A \"*) echo \"$l\";; esac; done <$f; done'";
/// A connect that is neither accepted nor refused says nothing; longer is not waited.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);

/// Whether somebody listens on the port, as far as a probe that works on the target can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Listening {
    /// Yes, says the probe named.
    Yes(&'static str),
    /// No, says the probe named.
    No(&'static str),
    /// No probe works; what came of each.
    Unknown(String),
}

/// Where to look.
#[derive(Clone, Debug)]
pub(super) struct Probe {
    /// Addresses at which the NameNode may be.
    pub(super) hosts: Vec<String>,
    pub(super) port: u16,
}

impl Probe {
    /// Where `host` and `ip`, its address as this machine sees it, are on the target.
    pub(super) fn of(host: &str, ip: Option<String>, port: u16) -> Self {
        let hosts = iter::once(host.to_owned()).chain(ip.filter(|ip| ip != host));
        Self { hosts: hosts.collect(), port }
    }

    /// Asks one probe after the other until one that works answers.
    pub(super) async fn look(&self, connection: &Connection) -> Listening {
        let mut failed = Vec::new();
        match self.first_look(connection).await {
            Ok(listening) => return listening,
            Err(why) => failed.push(why),
        }
        let variable = connection.run(VARIABLE).await.success();
        let Some((address, sshd_port)) = variable.as_deref().and_then(server_of) else {
            return Listening::Unknown("SSH_CONNECTION is not set on the target".to_owned());
        };
        match self.in_table(Table::Kernel, connection.run(PROC).await, sshd_port) {
            Ok(listening) => return listening,
            Err(why) => failed.push(why),
        }
        for tool in [Tool::Bash, Tool::Nc] {
            match self.by_connect(connection, tool, &address, sshd_port).await {
                Ok(listening) => return listening,
                Err(why) => failed.push(why),
            }
        }
        Listening::Unknown(failed.join("; "))
    }

    /// The probe that works nearly everywhere, and what it takes to believe it, in one command:
    /// some login shells take long to start.
    async fn first_look(&self, connection: &Connection) -> Result<Listening, String> {
        let remote = connection.run(&format!("{VARIABLE}; {SBIN} ss -ltn")).await;
        let variable = match &remote {
            Remote::Exited { stdout, .. } => stdout.lines().next().unwrap_or_default(),
            _ => "",
        };
        // No port is 0: what cannot be believed is no answer.
        let sshd_port = server_of(variable).map_or(0, |(_, port)| port);
        self.in_table(Table::Ss, remote, sshd_port)
    }

    fn in_table(&self, table: Table, remote: Remote, sshd_port: u16) -> Result<Listening, String> {
        let name = table.name();
        let listed = match remote {
            Remote::Exited { status: 0, stdout, .. } => table.ports(&stdout),
            other => return Err(format!("{name}: {}", other.summary())),
        };
        if listed.contains(&self.port) {
            return Ok(Listening::Yes(name));
        }
        if listed.contains(&sshd_port) {
            return Ok(Listening::No(name));
        }
        Err(format!("{name} does not even list sshd's port {sshd_port}"))
    }

    async fn by_connect(
        &self,
        connection: &Connection,
        tool: Tool,
        sshd: &str,
        sshd_port: u16,
    ) -> Result<Listening, String> {
        let name = tool.name();
        match tool.connect(connection, sshd, sshd_port).await {
            Connect::Accepted => {}
            other => return Err(format!("{name}: {}", other.why(sshd, sshd_port))),
        }
        let mut unclear = None;
        let own = iter::once(sshd).filter(|own| self.hosts.iter().all(|host| host != own));
        for host in self.hosts.iter().map(String::as_str).chain(own) {
            match tool.connect(connection, host, self.port).await {
                Connect::Accepted => return Ok(Listening::Yes(name)),
                Connect::Refused => {}
                other => unclear = Some(format!("{name}: {}", other.why(host, self.port))),
            }
        }
        unclear.map_or(Ok(Listening::No(name)), Err)
    }
}

/// The last two words of `CLIENT_IP CLIENT_PORT SERVER_IP SERVER_PORT`.
fn server_of(variable: &str) -> Option<(String, u16)> {
    let words: Vec<&str> = variable.split_whitespace().collect();
    let [_, _, address, port] = words.as_slice() else { return None };
    super::host_text::is_plain_host(address).then_some(())?;
    Some(((*address).to_owned(), port.parse().ok()?))
}

/// Lists of all listening ports.
#[derive(Clone, Copy, Debug)]
enum Table {
    Ss,
    Kernel,
}

impl Table {
    fn name(self) -> &'static str {
        match self {
            Self::Ss => "ss",
            Self::Kernel => "/proc/net/tcp",
        }
    }

    fn ports(self, table: &str) -> std::collections::BTreeSet<u16> {
        match self {
            Self::Ss => ports::of_ss(table),
            Self::Kernel => ports::of_proc(table),
        }
    }
}

/// Programs that try to connect.
#[derive(Clone, Copy, Debug)]
enum Tool {
    Bash,
    Nc,
}

/// How a connect ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Connect {
    Accepted,
    Refused,
    /// No route, no such name, no such program, …
    Unclear(String),
}

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash's /dev/tcp",
            Self::Nc => "nc",
        }
    }

    fn command(self, host: &str, port: u16) -> String {
        match self {
            Self::Bash => format!("LC_ALL=C bash -c '(exec 3<>/dev/tcp/{host}/{port})'"),
            Self::Nc => format!("LC_ALL=C {SBIN} nc -vz {host} {port}"),
        }
    }

    async fn connect(self, connection: &Connection, host: &str, port: u16) -> Connect {
        let line = self.command(host, port);
        match timeout(CONNECT_LIMIT, connection.run(&line)).await {
            Ok(remote) => judge(&remote),
            Err(_) => Connect::Unclear("no answer".to_owned()),
        }
    }
}

/// Java takes any failure of `nc` for a port that is free. Only a refusal shows that.
fn judge(remote: &Remote) -> Connect {
    match remote {
        Remote::Exited { status: 0, .. } => Connect::Accepted,
        Remote::Exited { status: 1, stderr, .. } if stderr.contains("refused") => Connect::Refused,
        other => Connect::Unclear(other.summary()),
    }
}

impl Connect {
    fn why(&self, host: &str, port: u16) -> String {
        match self {
            Self::Accepted => format!("{host}:{port} accepts"),
            Self::Refused => format!("{host}:{port} refuses"),
            Self::Unclear(why) => format!("{host}:{port}: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exited(status: i32, stderr: &str) -> Remote {
        Remote::Exited { status, stdout: String::new(), stderr: stderr.to_owned() }
    }

    #[test]
    fn only_a_refusal_shows_that_nobody_listens() {
        assert_eq!(judge(&exited(0, "")), Connect::Accepted);
        let refused = "nc: connect to nn01 port 8020 (tcp) failed: Connection refused";
        assert_eq!(judge(&exited(1, refused)), Connect::Refused);
        let unclear = [
            exited(1, ""),
            exited(1, "nc: getaddrinfo for host \"nn01\" port 8020: Name or service not known"),
            exited(1, "nc: connect to nn01 port 8020 (tcp) failed: No route to host"),
            exited(126, "refused"),
            Remote::NoSuchCommand,
            Remote::Lost("signal".to_owned()),
        ];
        for remote in unclear {
            assert!(matches!(judge(&remote), Connect::Unclear(_)), "{remote:?}");
        }
    }

    #[test]
    fn the_sshd_of_the_connection_is_read_from_its_variable() {
        let of = |text: &str| server_of(text).map(|(address, port)| format!("{address} {port}"));
        assert_eq!(of("10.0.0.9 50000 10.0.0.1 22\n").as_deref(), Some("10.0.0.1 22"));
        assert_eq!(of("::1 50000 ::1 22").as_deref(), Some("::1 22"));
        for junk in ["", "\n", "a b c", "a b $(reboot) 22", "a b c 70000"] {
            assert_eq!(of(junk), None, "{junk}");
        }
    }
}
