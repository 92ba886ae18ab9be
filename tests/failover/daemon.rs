//! The process `zkfc-rs`: when it does not start, and how it ends.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use failover::lock::LockService;
use failover::namenode::CallOptions;
use failover::rpc::PeerController;
use hadoop_ipc::client::Target;
use rustix::process::{Pid, Signal, kill_process};
use system_tests::hadoop::http_body;
use system_tests::process::{PortLease, wait_until};
use system_tests::zookeeper::ZooKeeperServer;

use crate::fixture::{PATIENCE, lock, settings, with_server};
use crate::zkfc::Zkfc;

/// Hadoop's scripts kill after this.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// The controller of a NameNode that does not run, with an RPC port of its own.
struct Lonely {
    controller: Zkfc,
    port: PortLease,
}

impl Lonely {
    fn new(server: &ZooKeeperServer, methods: &str) -> Result<Self> {
        let port = PortLease::take()?;
        let keys = [
            ("dfs.namenode.rpc-address.nsd1907.nn1", "127.0.0.1:20101"),
            ("dfs.ha.zkfc.port", &port.address().port().to_string()),
            ("dfs.ha.fencing.methods", methods),
        ];
        Ok(Self { controller: Zkfc::of_nn1(server.address(), &keys)?, port })
    }

    fn start(&self) -> Result<Running> {
        self.start_into(Stdio::null())
    }

    fn start_into(&self, log: Stdio) -> Result<Running> {
        let mut command = self.controller.command(&[])?;
        let child = command.stdin(Stdio::null()).stderr(log).spawn()?;
        let address = self.port.address();
        let running = Running(child);
        wait_until("the RPC port is open", PATIENCE, || Ok(TcpStream::connect(address).ok()))?;
        Ok(running)
    }
}

/// Killed when dropped.
struct Running(Child);

impl Running {
    fn stop(mut self, signal: Signal) -> Result<(Option<i32>, Duration)> {
        let begun = Instant::now();
        kill_process(Pid::from_child(&self.0), signal)?;
        Ok((self.0.wait()?.code(), begun.elapsed()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn fc_052_without_a_way_to_fence_it_ends_with_4() {
    with_server("failover-daemon-fencer", async |server| {
        for methods in ["", "# later", "sshfence()", "org.example.Fencer"] {
            let lonely = Lonely::new(&server, methods)?;
            lonely.controller.stderr(0, &["-formatZK", "-force"], "").await?;
            let said = lonely.controller.stderr(4, &[], "").await?;
            ensure!(said.contains("dfs.ha.fencing.methods"), "{said}");
        }
        Ok(())
    });
}

/// Java would log in here. Ours cannot, and must not serve and command without.
#[test]
fn fc_088_a_kerberos_cluster_is_refused_rather_than_run_without_kerberos() {
    with_server("failover-daemon-kerberos", async |server| {
        let mut lonely = Lonely::new(&server, "shell(true)")?;
        lonely.controller.stderr(0, &["-formatZK"], "").await?;
        for (value, says) in [("kerberos", "hdfs zkfc"), ("kerbros", "simple or kerberos")] {
            lonely.controller.set("hadoop.security.authentication", value)?;
            for arguments in [&[][..], &["-formatZK", "-force"]] {
                let said = lonely.controller.stderr(1, arguments, "").await?;
                ensure!(said.contains(says), "{said}");
            }
        }
        Ok(())
    });
}

#[test]
fn fc_053_a_second_controller_of_the_namenode_never_joins() {
    with_server("failover-daemon-port", async |server| {
        let lonely = Lonely::new(&server, "shell(true)")?;
        lonely.controller.stderr(0, &["-formatZK"], "").await?;
        let _first = tokio::task::block_in_place(|| lonely.start())?;
        let said = lonely.controller.stderr(1, &[], "").await?;
        ensure!(said.contains("cannot listen on") && said.contains("dfs.ha.zkfc.port"), "{said}");
        let session = lock(&settings(server.address()))?.open().await?;
        ensure!(session.stat_lock().await?.is_none(), "somebody joined");
        Ok(())
    });
}

#[test]
fn fc_055_signals_end_it_as_they_end_javas_and_in_time() {
    with_server("failover-daemon-signals", async |server| {
        let lonely = Lonely::new(&server, "shell(true)")?;
        lonely.controller.stderr(0, &["-formatZK"], "").await?;
        for (signal, status) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
            let ended = tokio::task::block_in_place(|| lonely.start()?.stop(signal));
            let (code, took) = ended.context("start or stop")?;
            ensure!(code == Some(status), "{signal:?}: {code:?}");
            ensure!(took < STOP_LIMIT / 2, "{signal:?}: {took:?}");
        }
        Ok(())
    });
}

#[test]
fn a_run_directory_that_is_missing_is_told_at_start() {
    with_server("failover-daemon-run-dir", async |server| {
        let mut lonely = Lonely::new(&server, "sshfence")?;
        lonely.controller.set("dfs.ha.zkfc.rs.run-dir", "/no/such/directory")?;
        lonely.controller.stderr(0, &["-formatZK"], "").await?;
        let log = tempfile::NamedTempFile::new()?;
        let _running = tokio::task::block_in_place(|| lonely.start_into(log.reopen()?.into()))?;
        let said = std::fs::read_to_string(log.path())?;
        for words in ["sshfence will always fail", "dfs.ha.zkfc.rs.run-dir", "/no/such/directory"] {
            ensure!(said.contains(words), "{said}");
        }
        Ok(())
    });
}

#[test]
fn fc_110_who_may_and_who_may_not_is_in_the_log() {
    with_server("failover-daemon-audit", async |server| {
        let mut lonely = Lonely::new(&server, "shell(true)")?;
        lonely.controller.set("hadoop.security.authorization", true)?;
        lonely.controller.set("security.zkfc.protocol.acl", "ann,bob")?;
        lonely.controller.set("dfs.cluster.administrators", "ann")?;
        lonely.controller.stderr(0, &["-formatZK"], "").await?;
        let log = tempfile::NamedTempFile::new()?;
        let _running = tokio::task::block_in_place(|| lonely.start_into(log.reopen()?.into()))?;
        let address = lonely.port.address();
        for user in ["ann", "bob", "eve"] {
            let target = Target::new(address.ip().to_string(), address.port());
            let peer = PeerController::new(target, &CallOptions::new(Some(user.to_owned())));
            let answer = peer.cede_active(0, STOP_LIMIT).await;
            ensure!(answer.is_ok() == (user == "ann"), "{user}: {answer:?}");
        }
        let said = std::fs::read_to_string(log.path())?;
        let lines = |words: &[&str]| {
            said.lines().filter(|line| words.iter().all(|word| line.contains(word))).count()
        };
        let peer = ["peer=127.0.0.1", "protocol=\"org.apache.hadoop.ha.ZKFCProtocol\""];
        for (verdict, user) in [("successful", "ann"), ("successful", "bob"), ("failed", "eve")] {
            let decision = format!("authorization {verdict}");
            let who = format!("user=\"{user}\"");
            let found = lines(&[&decision, &who, peer[0], peer[1]]);
            ensure!(found == 1, "{found} lines on {user}: {said}");
        }
        ensure!(lines(&[" Allowed RPC access from ann (auth:SIMPLE) at 127.0.0.1"]) == 1, "{said}");
        let refused = " Disallowed RPC access from bob (auth:SIMPLE) at 127.0.0.1. Not listed in";
        ensure!(lines(&[refused]) == 1 && lines(&["RPC access from eve"]) == 0, "{said}");
        Ok(())
    });
}

#[test]
fn fc_109_the_pages_are_served_where_asked_for() {
    with_server("failover-daemon-pages", async |server| {
        let mut lonely = Lonely::new(&server, "shell(true)")?;
        let web = PortLease::take()?;
        lonely.controller.set("dfs.ha.zkfc.rs.http-address", web.address())?;
        lonely.controller.stderr(0, &["-formatZK"], "").await?;
        tokio::task::block_in_place(|| {
            let _running = lonely.start()?;
            ensure!(http_body(web.address(), "/live")? == b"ok");
            wait_until("a session", PATIENCE, || {
                let metrics = String::from_utf8(http_body(web.address(), "/metrics")?)?;
                Ok(metrics.contains("zkfc_session_connected 1\n").then_some(()))
            })?;
            let status = http_body(web.address(), "/status")?;
            let status: serde_json::Value = serde_json::from_slice(&status)?;
            ensure!(status["namenode"] == "nsd1907/nn1", "{status}");
            ensure!(status["in_election"] == false, "{status}");
            let unready = http_body(web.address(), "/ready").err().context("ready alone")?;
            ensure!(unready.to_string().contains("503"), "{unready}");
            Ok(())
        })
    });
}

#[test]
fn a_daemon_logs_json_where_that_is_asked_for() {
    with_server("failover-daemon-json", async |server| {
        let lonely = Lonely::new(&server, "")?;
        let mut command: Command = lonely.controller.command(&[])?;
        command.env("ZKFC_RS_LOG_FORMAT", "json").stdin(Stdio::null());
        let output = tokio::task::block_in_place(|| command.output())?;
        ensure!(output.status.code() == Some(3), "{}", output.status);
        let said = String::from_utf8(output.stderr)?;
        for line in said.lines() {
            let event: serde_json::Value = serde_json::from_str(line).context(line.to_owned())?;
            ensure!(event["message"].is_string() && event["level"].is_string(), "{line}");
        }
        ensure!(said.contains("-formatZK"), "{said}");
        Ok(())
    });
}
