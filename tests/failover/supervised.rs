//! What systemd is told by `zkfc-rs` (`sd_notify(3)`, `WatchdogSec`).

use std::io::ErrorKind;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use system_tests::process::PortLease;
use tempfile::TempDir;

use crate::fixture::{PATIENCE, with_server};
use crate::zkfc::Zkfc;

/// `WatchdogSec`. A ping is due every quarter of it.
const WATCHDOG: Duration = Duration::from_secs(1);

/// Killed when dropped.
struct Supervised {
    child: Child,
    socket: UnixDatagram,
    _folder: TempDir,
}

impl Supervised {
    fn start(controller: &Zkfc) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path)?;
        let mut command = controller.command(&[])?;
        command.env("NOTIFY_SOCKET", &path);
        command.env("WATCHDOG_USEC", WATCHDOG.as_micros().to_string());
        let child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let supervised = Self { child, socket, _folder: folder };
        supervised.await_message("READY=1")?;
        Ok(supervised)
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), signal)?)
    }

    /// The next message, if there is one in time.
    fn heard_within(&self, limit: Duration) -> Result<Option<String>> {
        self.socket.set_read_timeout(Some(limit))?;
        let mut message = [0; 64];
        match self.socket.recv(&mut message) {
            Ok(length) => Ok(Some(String::from_utf8(message[..length].to_vec())?)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn await_message(&self, expected: &str) -> Result<()> {
        while self.heard_within(PATIENCE)?.context(expected.to_owned())? != expected {}
        Ok(())
    }

    fn hear_pings(&self, count: usize) -> Result<()> {
        for _ in 0..count {
            let heard = self.heard_within(WATCHDOG)?;
            ensure!(heard.as_deref() == Some("WATCHDOG=1"), "{heard:?}");
        }
        Ok(())
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_pings_while_its_event_loop_turns_and_says_when_it_stops() {
    with_server("failover-supervised", async |server| {
        let port = PortLease::take()?;
        let keys = [
            ("dfs.namenode.rpc-address.nsd1907.nn1", "127.0.0.1:20101"),
            ("dfs.ha.zkfc.port", &port.port().to_string()),
            ("dfs.ha.fencing.methods", "shell(true)"),
        ];
        let controller = Zkfc::of_nn1(server.address(), &keys)?;
        controller.stderr(0, &["-formatZK"], "").await?;
        tokio::task::block_in_place(|| {
            let supervised = Supervised::start(&controller)?;
            supervised.hear_pings(8)?;
            supervised.signal(Signal::STOP)?;
            while supervised.heard_within(WATCHDOG)?.is_some() {}
            supervised.signal(Signal::CONT)?;
            supervised.hear_pings(2)?;
            supervised.signal(Signal::TERM)?;
            supervised.await_message("STOPPING=1")
        })
    });
}
