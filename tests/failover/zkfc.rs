use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use system_tests::hadoop::Site;
use system_tests::process::built_binary;
use tokio::task::block_in_place;

/// The binary `zkfc-rs` with site files of its own, as a controller or as a tool.
pub struct Zkfc {
    site: Site,
    conf: PathBuf,
    _folder: tempfile::TempDir,
}

impl Zkfc {
    /// On the host of nn1, one of two NameNodes of nsd1907; and what the test adds.
    pub fn of_nn1(quorum: impl ToString, more: &[(&str, &str)]) -> Result<Self> {
        let mut zkfc = Self::of(quorum, ["127.0.0.11:20101", "127.0.0.12:20102"])?;
        zkfc.set("dfs.ha.namenode.id", "nn1")?;
        more.iter().try_for_each(|(key, value)| zkfc.set(key, value))?;
        Ok(zkfc)
    }

    /// For a tool: two NameNodes of nsd1907, and what the test adds.
    pub fn tool(quorum: impl ToString, more: &[(&str, String)]) -> Result<Self> {
        let mut zkfc = Self::of(quorum, ["127.0.0.1:1", "127.0.0.1:2"])?;
        zkfc.set("dfs.ha.fencing.methods", "sshfence")?;
        more.iter().try_for_each(|(key, value)| zkfc.set(key, value))?;
        Ok(zkfc)
    }

    fn of(quorum: impl ToString, namenodes: [&str; 2]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut site = Site::new();
        site.set("dfs.nameservices", "nsd1907")
            .set("dfs.ha.namenodes.nsd1907", "nn1,nn2")
            .set("dfs.namenode.rpc-address.nsd1907.nn1", namenodes[0])
            .set("dfs.namenode.rpc-address.nsd1907.nn2", namenodes[1])
            .set("dfs.ha.automatic-failover.enabled", "true")
            .set("ha.zookeeper.quorum", quorum.to_string())
            .set("ha.zookeeper.session-timeout.ms", 2000);
        Ok(Self { site, conf: folder.path().join("conf"), _folder: folder })
    }

    /// Changes a key of the site files.
    pub fn set(&mut self, key: &str, value: impl ToString) -> Result<()> {
        self.site.set(key, value.to_string());
        self.site.write(&self.conf)
    }

    /// The command, not started. The name of a tool comes first, else Hadoop's own options do.
    pub fn command(&self, arguments: &[&str]) -> Result<Command> {
        let tool = arguments.iter().take_while(|word| !word.starts_with('-')).count().min(1);
        let (tool, arguments) = arguments.split_at(tool);
        let mut command = Command::new(built_binary("zkfc-rs")?);
        command.args(tool).arg("--config").arg(&self.conf).args(arguments);
        Ok(command)
    }

    /// Runs it to its end.
    pub fn output(&self, arguments: &[&str], answers: &str) -> Result<Output> {
        output_of(self.command(arguments)?, answers)
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

    /// Not on the test's own thread of the runtime: its sessions must go on.
    async fn checked(&self, status: i32, arguments: &[&str], answers: &str) -> Result<Output> {
        let output = block_in_place(|| self.output(arguments, answers))?;
        let (out, err) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let code = output.status.code();
        ensure!(code == Some(status), "{arguments:?}: {code:?} and not {status}\n{out}\n{err}");
        Ok(output)
    }
}

/// Runs a command to its end.
pub fn output_of(mut command: Command, answers: &str) -> Result<Output> {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn()?;
    // A command that asks nothing may have closed its end already.
    let _ = child.stdin.take().context("stdin was piped")?.write_all(answers.as_bytes());
    Ok(child.wait_with_output()?)
}
