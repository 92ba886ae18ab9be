use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use system_tests::hadoop::Site;
use system_tests::process::built_binary;
use tokio::task::block_in_place;

/// The tools of `zkfc-rs`, with a configuration of their own.
pub struct Tool {
    conf: PathBuf,
    _folder: tempfile::TempDir,
}

impl Tool {
    /// Two NameNodes of nsd1907, and what the test adds.
    pub fn new(quorum: impl ToString, more: &[(&str, String)]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let conf = folder.path().join("conf");
        let mut site = Site::new();
        site.set("dfs.nameservices", "nsd1907")
            .set("dfs.ha.namenodes.nsd1907", "nn1,nn2")
            .set("dfs.namenode.rpc-address.nsd1907.nn1", "127.0.0.1:1")
            .set("dfs.namenode.rpc-address.nsd1907.nn2", "127.0.0.1:2")
            .set("dfs.ha.automatic-failover.enabled", "true")
            .set("dfs.ha.fencing.methods", "sshfence")
            .set("ha.zookeeper.quorum", quorum.to_string())
            .set("ha.zookeeper.session-timeout.ms", 2000);
        for (key, value) in more {
            site.set(*key, value);
        }
        site.write(&conf)?;
        Ok(Self { conf, _folder: folder })
    }

    /// Runs one; not on the test's own thread of the runtime: its sessions must go on.
    pub async fn run(&self, arguments: &[&str], answers: &str) -> Result<Output> {
        let mut command = Command::new(built_binary("zkfc-rs")?);
        command.args(arguments).arg("--config").arg(&self.conf);
        block_in_place(|| {
            let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = piped.spawn()?;
            // A command that asks nothing may have closed its end already.
            let _ = child.stdin.take().context("stdin was piped")?.write_all(answers.as_bytes());
            Ok(child.wait_with_output()?)
        })
    }

    /// What it prints; its status must be this one.
    pub async fn stdout(&self, status: i32, arguments: &[&str]) -> Result<String> {
        Ok(String::from_utf8(self.checked(status, arguments, "").await?.stdout)?)
    }

    /// What it says beside that.
    pub async fn stderr(&self, status: i32, arguments: &[&str], answers: &str) -> Result<String> {
        Ok(String::from_utf8(self.checked(status, arguments, answers).await?.stderr)?)
    }

    /// What it prints, as JSON.
    pub async fn json(&self, status: i32, arguments: &[&str]) -> Result<Value> {
        Ok(serde_json::from_str(&self.stdout(status, arguments).await?)?)
    }

    async fn checked(&self, status: i32, arguments: &[&str], answers: &str) -> Result<Output> {
        let output = self.run(arguments, answers).await?;
        let (out, err) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let code = output.status.code();
        ensure!(code == Some(status), "{arguments:?}: {code:?} and not {status}\n{out}\n{err}");
        Ok(output)
    }
}
