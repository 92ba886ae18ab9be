//! A NameNode with edits of its own becomes half of an HA pair: -initializeSharedEdits copies them
//! through the writer API, -bootstrapStandby reads them back.

use std::path::Path;

use anyhow::{Result, ensure};
use system_tests::cluster::{Cluster, NAMESERVICE};
use system_tests::hadoop::Site;

use crate::kinds::{Kinds, with_kinds};

with_kinds!(scenario, three_rust, two_rust_one_java, one_rust_two_java);

// JN-150
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut cluster = Cluster::builder(root).journalnodes(kinds).build()?;
    cluster.start_journalnodes()?;
    cluster.start_client()?;
    write_without_ha(&mut cluster)?;

    cluster.namenodes[0].configure(cluster.site())?;
    cluster.namenodes[0].run(&["-initializeSharedEdits", "-nonInteractive"])?;
    copied_to_a_majority(&cluster)?;
    cluster.namenodes[0].start(&[])?;
    cluster.activate(0)?;
    cluster.mkdirs("/with-ha")?;
    cluster.namenodes[1].run(&["-bootstrapStandby", "-nonInteractive"])?;
    cluster.namenodes[1].start(&[])?;
    cluster.deactivate(0)?;
    cluster.activate(1)?;
    for path in ["/alone-0", "/alone-1", "/alone-2", "/with-ha"] {
        ensure!(cluster.exists(path)?, "{path} is gone");
    }
    cluster.ensure_segments_whole()?;
    format_again_is_refused(&cluster)
}

fn write_without_ha(cluster: &mut Cluster) -> Result<()> {
    let namenode = &mut cluster.namenodes[0];
    let mut site = Site::new();
    site.set("fs.defaultFS", namenode.uri())
        .set("dfs.namenode.http-address", namenode.http_address())
        .set("dfs.namenode.safemode.extension", 0);
    namenode.configure(&site)?;
    namenode.run(&["-format", "-nonInteractive"])?;
    namenode.start(&[])?;
    let uri = namenode.uri();
    for round in 0..3 {
        let client = cluster.client()?;
        client.mkdirs(&uri, &format!("/alone-{round}"))?;
        client.dfsadmin(&["-fs", &uri, "-rollEdits"])?;
    }
    cluster.namenodes[0].terminate()?;
    Ok(())
}

/// The command ends when two have all; what the third one has by then is a matter of luck.
fn copied_to_a_majority(cluster: &Cluster) -> Result<()> {
    let mut copies = Vec::new();
    for dir in cluster.journal_dirs() {
        copies.push(dir.finalized()?.len());
    }
    let whole = copies.iter().filter(|segments| **segments >= 2).count();
    ensure!(whole >= 2, "finalized segments per JournalNode: {copies:?}");
    Ok(())
}

/// A formatted journal is not formatted over unless it is forced.
fn format_again_is_refused(cluster: &Cluster) -> Result<()> {
    let before = cluster.journal_dirs()[0].contents()?;
    let version = &before["VERSION"];
    let again = cluster.namenodes[0].run(&["-initializeSharedEdits", "-nonInteractive"]);
    ensure!(again.is_err(), "{NAMESERVICE} was formatted twice");
    ensure!(cluster.journal_dirs()[0].contents()?["VERSION"] == *version, "VERSION changed");
    Ok(())
}
