//! `zkfc-rs -formatZK`, and the statuses with which `zkfc-rs` does not start.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};
use failover::lock::LockService;
use system_tests::hadoop::Site;
use system_tests::process::{PortLease, built_binary};
use zookeeper_client::{Acl, Acls, AuthId, Client, CreateMode, Permission};

use crate::fixture::{JAVA_NN1, PARENT, client, settings, with_server};

/// A folder with the site files of nn1, and the command that reads them.
pub struct Controller {
    conf: PathBuf,
    _folder: tempfile::TempDir,
}

impl Controller {
    pub fn new(quorum: impl ToString, more: &[(&str, &str)]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let conf = folder.path().join("conf");
        let mut site = Site::new();
        site.set("dfs.nameservices", "nsd1907")
            .set("dfs.ha.namenodes.nsd1907", "nn1,nn2")
            .set("dfs.namenode.rpc-address.nsd1907.nn1", "127.0.0.11:20101")
            .set("dfs.namenode.rpc-address.nsd1907.nn2", "127.0.0.12:20102")
            .set("dfs.ha.namenode.id", "nn1")
            .set("dfs.ha.automatic-failover.enabled", "true")
            .set("ha.zookeeper.quorum", quorum.to_string())
            .set("ha.zookeeper.session-timeout.ms", 2000);
        for (key, value) in more {
            site.set(*key, value);
        }
        site.write(&conf)?;
        Ok(Self { conf, _folder: folder })
    }

    /// The command, not started.
    pub fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(built_binary("zkfc-rs")?);
        command.arg("--config").arg(&self.conf).args(arguments);
        Ok(command)
    }

    fn run(&self, arguments: &[&str], answers: &str) -> Result<Output> {
        run(self.command(arguments)?, answers)
    }

    /// The status must be this one.
    fn expect(&self, status: i32, arguments: &[&str], answers: &str) -> Result<String> {
        let output = self.run(arguments, answers)?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.code() == Some(status), "{arguments:?}: {}\n{said}", output.status);
        Ok(said)
    }
}

fn run(mut command: Command, answers: &str) -> Result<Output> {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn()?;
    let mut stdin = child.stdin.take().context("stdin was piped")?;
    // A command that asks nothing may have closed its end already.
    let _ = stdin.write_all(answers.as_bytes());
    drop(stdin);
    Ok(child.wait_with_output()?)
}

/// Not on the test's own thread of the runtime: its sessions must go on.
pub async fn expect(
    controller: &Controller,
    status: i32,
    arguments: &[&str],
    answers: &str,
) -> Result<String> {
    tokio::task::block_in_place(|| controller.expect(status, arguments, answers))
}

async fn exists(client: &Client, path: &str) -> Result<bool> {
    client.sync(path).await?;
    Ok(client.check_stat(path).await?.is_some())
}

#[test]
fn fc_009_fc_045_fc_046_format_as_java_does() {
    with_server("failover-format", async |server| {
        let controller = Controller::new(server.address(), &[])?;
        let zookeeper = client(server.address()).await?;
        expect(&controller, 3, &[], "").await?;
        expect(&controller, 0, &["-formatZk"], "").await?;
        let (data, stat) = zookeeper.get_data(PARENT).await?;
        ensure!(data.is_empty() && stat.ephemeral_owner == 0);
        let breadcrumb = format!("{PARENT}/ActiveBreadCrumb");
        let persistent = CreateMode::Persistent.with_acls(Acls::anyone_all());
        zookeeper.create(&breadcrumb, &JAVA_NN1, &persistent).await?;
        expect(&controller, 2, &["-formatZK", "-nonInteractive"], "").await?;
        expect(&controller, 2, &["-formatZK"], "maybe\nNO\n").await?;
        expect(&controller, 2, &["-formatZK"], "").await?;
        ensure!(exists(&zookeeper, &breadcrumb).await?, "a no changed something");
        expect(&controller, 0, &["-formatZK"], "what?\nYes\n").await?;
        ensure!(exists(&zookeeper, PARENT).await? && !exists(&zookeeper, &breadcrumb).await?);
        expect(&controller, 0, &["-formatZK", "-force", "-nonInteractive"], "").await?;
        Ok(())
    });
}

#[test]
fn fc_011_what_others_keep_in_zookeeper_stays() {
    with_server("failover-format-others", async |server| {
        let zookeeper = client(server.address()).await?;
        let persistent = CreateMode::Persistent.with_acls(Acls::anyone_all());
        let others = [
            "/brokers/ids/22",
            "/yarn-leader-election/yarn-ha/ActiveStandbyElectorLock",
            "/rmstore/ZKRMStateRoot",
            "/hadoop-ha/other/ActiveBreadCrumb",
        ];
        for path in others {
            zookeeper.mkdir(path, &persistent).await?;
        }
        let controller = Controller::new(server.address(), &[])?;
        expect(&controller, 0, &["-formatZK"], "").await?;
        zookeeper.mkdir(&format!("{PARENT}/deep/er"), &persistent).await?;
        expect(&controller, 0, &["-formatZK", "-force"], "").await?;
        for path in others {
            ensure!(exists(&zookeeper, path).await?, "{path} is gone");
        }
        ensure!(!exists(&zookeeper, &format!("{PARENT}/deep")).await?);
        Ok(())
    });
}

#[test]
fn fc_010_the_acl_of_shared_ancestors_changes_only_on_demand() {
    with_server("failover-format-acl", async |server| {
        let zookeeper = client(server.address()).await?;
        let world = Acl::new(Permission::ALL, AuthId::anyone());
        let (read, create) = (Permission::READ, Permission::CREATE);
        let theirs = [
            Acl::new(read | create, AuthId::anyone()),
            Acl::new(read, AuthId::new("ip", "127.0.0.1")),
        ];
        zookeeper
            .create("/hadoop-ha", b"", &CreateMode::Persistent.with_acls(Acls::new(&theirs)))
            .await?;
        let controller = Controller::new(server.address(), &[])?;
        let said = expect(&controller, 0, &["-formatZK"], "").await?;
        ensure!(said.contains("/hadoop-ha was there before"), "{said}");
        ensure!(zookeeper.get_acl("/hadoop-ha").await?.0 == theirs);
        ensure!(zookeeper.get_acl(PARENT).await?.0 == [world]);
        Ok(())
    });
}

#[test]
fn fc_010_as_java_the_acl_of_ancestors_is_set_where_asked_for() {
    with_server("failover-format-acl-java", async |server| {
        let zookeeper = client(server.address()).await?;
        let persistent = CreateMode::Persistent.with_acls(Acls::anyone_all());
        zookeeper.create("/hadoop-ha", b"", &persistent).await?;
        let digest = "digest:hdfs:Rqc/eU/YLg4bkzNvY5214ox3UMs=:rwcda";
        let keys = [
            ("ha.zookeeper.acl", digest),
            ("ha.zookeeper.auth", "digest:hdfs:secret"),
            ("dfs.ha.zkfc.rs.format.set-ancestor-acls", "true"),
        ];
        expect(&Controller::new(server.address(), &keys)?, 0, &["-formatZK"], "").await?;
        zookeeper.auth("digest", b"hdfs:secret").await?;
        let (acl, _) = zookeeper.get_acl("/hadoop-ha").await?;
        ensure!(acl.len() == 1 && acl[0].scheme() == "digest", "{acl:?}");
        Ok(())
    });
}

#[test]
fn a_held_lock_is_cleared_only_when_forced_twice() {
    with_server("failover-format-locked", async |server| {
        let controller = Controller::new(server.address(), &[])?;
        expect(&controller, 0, &["-formatZK"], "").await?;
        let holder = crate::fixture::lock(&settings(server.address()))?.open().await?;
        holder.create_lock(JAVA_NN1).await?;
        for arguments in [&["-formatZK"][..], &["-formatZK", "-force"]] {
            let said = expect(&controller, 2, arguments, "y\n").await?;
            ensure!(said.contains("-force twice"), "{said}");
        }
        ensure!(holder.stat_lock().await?.is_some());
        expect(&controller, 0, &["-formatZK", "-force", "-force"], "").await?;
        ensure!(holder.stat_lock().await?.is_none());
        Ok(())
    });
}

#[test]
fn fc_003_a_chroot_is_where_everything_goes_and_must_be_there() {
    with_server("failover-format-chroot", async |server| {
        let zookeeper = client(server.address()).await?;
        let controller = Controller::new(format!("{}/root", server.address()), &[])?;
        expect(&controller, 1, &["-formatZK"], "").await?;
        let persistent = CreateMode::Persistent.with_acls(Acls::anyone_all());
        zookeeper.create("/root", b"", &persistent).await?;
        expect(&controller, 0, &["-formatZK"], "").await?;
        ensure!(exists(&zookeeper, &format!("/root{PARENT}")).await?);
        ensure!(!exists(&zookeeper, "/hadoop-ha").await?);
        let lock = crate::fixture::lock(&settings(format!("{}/root", server.address())))?;
        let session = lock.open().await?;
        session.create_lock(JAVA_NN1).await?;
        ensure!(exists(&zookeeper, &format!("/root{PARENT}/ActiveStandbyElectorLock")).await?);
        Ok(())
    });
}

#[test]
fn fc_044_an_unknown_argument_ends_with_1_after_zookeeper_was_reached() {
    with_server("failover-format-usage", async |server| {
        let controller = Controller::new(server.address(), &[])?;
        for arguments in [&["-format"][..], &["-formatZK", "-now"]] {
            let said = expect(&controller, 1, arguments, "").await?;
            ensure!(said.contains("Usage: zkfc-rs"), "{said}");
        }
        Ok(())
    });
}

#[test]
fn fc_050_what_is_wrong_first_decides_the_status() {
    let nobody = PortLease::take().unwrap();
    let status = |more: &[(&str, &str)], arguments: &[&str]| {
        let controller = Controller::new(nobody.address(), more).unwrap();
        let output = controller.run(arguments, "").unwrap();
        output.status.code()
    };
    let off = ("dfs.ha.automatic-failover.enabled", "false");
    assert_eq!(status(&[], &["-formatZK"]), Some(6));
    assert_eq!(status(&[], &["-nonsense"]), Some(6));
    assert_eq!(status(&[off], &["-formatZK"]), Some(5));
    assert_eq!(status(&[], &["-D", "dfs.ha.automatic-failover.enabled=false"]), Some(5));
    assert_eq!(status(&[("ha.zookeeper.acl", "bad")], &[]), Some(1));
    assert_eq!(status(&[off, ("dfs.ha.namenodes.nsd1907", "nn1")], &[]), Some(1));
}

#[test]
fn fc_043_help_reads_nothing() {
    for help in ["-h", "--help"] {
        let mut command = Command::new(built_binary("zkfc-rs").unwrap());
        command.arg(help).env("HADOOP_CONF_DIR", Path::new("/does/not/exist"));
        let output = run(command, "").unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(String::from_utf8_lossy(&output.stdout).contains("-formatZK"));
        assert!(output.stderr.is_empty());
    }
}
