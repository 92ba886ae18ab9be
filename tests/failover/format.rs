//! `zkfc-rs -formatZK`, and the statuses with which `zkfc-rs` does not start.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use failover::lock::LockService;
use system_tests::process::{PortLease, built_binary};
use zookeeper_client::{Acl, Acls, AuthId, Client, CreateMode, Permission};

use crate::fixture::{JAVA_NN1, PARENT, client, settings, with_server};
use crate::zkfc::{Zkfc, output_of};

async fn exists(client: &Client, path: &str) -> Result<bool> {
    client.sync(path).await?;
    Ok(client.check_stat(path).await?.is_some())
}

#[test]
fn fc_009_fc_045_fc_046_format_as_java_does() {
    with_server("failover-format", async |server| {
        let controller = Zkfc::of_nn1(server.address(), &[])?;
        let zookeeper = client(server.address()).await?;
        controller.stderr(3, &[], "").await?;
        controller.stderr(0, &["-formatZk"], "").await?;
        let (data, stat) = zookeeper.get_data(PARENT).await?;
        ensure!(data.is_empty() && stat.ephemeral_owner == 0);
        let breadcrumb = format!("{PARENT}/ActiveBreadCrumb");
        let persistent = CreateMode::Persistent.with_acls(Acls::anyone_all());
        zookeeper.create(&breadcrumb, &JAVA_NN1, &persistent).await?;
        controller.stderr(2, &["-formatZK", "-nonInteractive"], "").await?;
        controller.stderr(2, &["-formatZK"], "maybe\nNO\n").await?;
        controller.stderr(2, &["-formatZK"], "").await?;
        ensure!(exists(&zookeeper, &breadcrumb).await?, "a no changed something");
        controller.stderr(0, &["-formatZK"], "what?\nYes\n").await?;
        ensure!(exists(&zookeeper, PARENT).await? && !exists(&zookeeper, &breadcrumb).await?);
        controller.stderr(0, &["-formatZK", "-force", "-nonInteractive"], "").await?;
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
        let controller = Zkfc::of_nn1(server.address(), &[])?;
        controller.stderr(0, &["-formatZK"], "").await?;
        zookeeper.mkdir(&format!("{PARENT}/deep/er"), &persistent).await?;
        controller.stderr(0, &["-formatZK", "-force"], "").await?;
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
        let controller = Zkfc::of_nn1(server.address(), &[])?;
        let said = controller.stderr(0, &["-formatZK"], "").await?;
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
        Zkfc::of_nn1(server.address(), &keys)?.stderr(0, &["-formatZK"], "").await?;
        zookeeper.auth("digest", b"hdfs:secret").await?;
        let (acl, _) = zookeeper.get_acl("/hadoop-ha").await?;
        ensure!(acl.len() == 1 && acl[0].scheme() == "digest", "{acl:?}");
        Ok(())
    });
}

#[test]
fn a_held_lock_is_cleared_only_when_forced_twice() {
    with_server("failover-format-locked", async |server| {
        let controller = Zkfc::of_nn1(server.address(), &[])?;
        controller.stderr(0, &["-formatZK"], "").await?;
        let holder = crate::fixture::lock(&settings(server.address()))?.open().await?;
        holder.create_lock(JAVA_NN1).await?;
        for arguments in [&["-formatZK"][..], &["-formatZK", "-force"]] {
            let said = controller.stderr(2, arguments, "y\n").await?;
            ensure!(said.contains("-force twice"), "{said}");
        }
        ensure!(holder.stat_lock().await?.is_some());
        controller.stderr(0, &["-formatZK", "-force", "-force"], "").await?;
        ensure!(holder.stat_lock().await?.is_none());
        Ok(())
    });
}

#[test]
fn fc_003_a_chroot_is_where_everything_goes_and_must_be_there() {
    with_server("failover-format-chroot", async |server| {
        let zookeeper = client(server.address()).await?;
        let controller = Zkfc::of_nn1(format!("{}/root", server.address()), &[])?;
        controller.stderr(1, &["-formatZK"], "").await?;
        let persistent = CreateMode::Persistent.with_acls(Acls::anyone_all());
        zookeeper.create("/root", b"", &persistent).await?;
        controller.stderr(0, &["-formatZK"], "").await?;
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
        let controller = Zkfc::of_nn1(server.address(), &[])?;
        for arguments in [&["-format"][..], &["-formatZK", "-now"]] {
            let said = controller.stderr(1, arguments, "").await?;
            ensure!(said.contains("Usage: zkfc-rs"), "{said}");
        }
        Ok(())
    });
}

#[test]
fn fc_050_what_is_wrong_first_decides_the_status() {
    let nobody = PortLease::take().unwrap();
    let status = |more: &[(&str, &str)], arguments: &[&str]| {
        let controller = Zkfc::of_nn1(nobody.address(), more).unwrap();
        let output = controller.output(arguments, "").unwrap();
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
        let output = output_of(command, "").unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(String::from_utf8_lossy(&output.stdout).contains("-formatZK"));
        assert!(output.stderr.is_empty());
    }
}
