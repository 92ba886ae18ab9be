use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process::{Launcher, wait_until};

/// Longer than the kernel takes to end a process.
const END_LIMIT: Duration = Duration::from_secs(20);
const LISTEN: &str = "$SIG{TERM} = 'IGNORE'; $| = 1; \
    my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die $!; \
    print $s->sockport, \"\\n\"; sleep 1 while 1;";

/// A process that listens, ignores SIGTERM, and does nothing else. Killed when dropped.
#[derive(Debug)]
pub struct Victim {
    child: Child,
    port: u16,
}

impl Victim {
    /// On a loopback port of its own.
    pub fn start() -> Result<Self> {
        let mut command = Launcher::here().command("perl");
        command.args(["-MIO::Socket::INET", "-e", LISTEN]);
        let mut child = command.stdout(Stdio::piped()).spawn().context("start perl")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("stdout was piped")?).read_line(&mut line)?;
        let port = line.trim().parse().with_context(|| format!("a port: {line:?}"))?;
        Ok(Self { child, port })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether the process is there.
    pub fn is_alive(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// Waits for its end; the signal that brought it.
    pub fn killed_by(&mut self) -> Result<Option<i32>> {
        let ended = || Ok(self.child.try_wait()?);
        Ok(wait_until("end of the victim", END_LIMIT, ended)?.signal())
    }

    /// Whether somebody can connect to it.
    pub fn answers(&self) -> bool {
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // Nothing is left to do on failure.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
