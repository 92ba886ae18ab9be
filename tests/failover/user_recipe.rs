//! A user's own recipe on the user's own hosts and files, byte for byte: format ZooKeeper, start
//! the JournalNodes, format nn01, carry its folder over to nn02, initialize the shared edits,
//! start everything, and kill the active with -9.

use std::path::Path;

use anyhow::{Result, ensure};
use system_tests::cluster::Load;
use system_tests::ha::UserHosts;
use system_tests::hadoop::FailoverControllerKind::{Java, Rust};
use system_tests::hadoop::Site;
use system_tests::inspect::JournalDir;
use system_tests::ssh::KeyKind;

use crate::kinds::{self, Kinds};

const NAMESERVICE: &str = "hdfs://nsd1907";

#[test]
fn the_standby_takes_over_and_nothing_acknowledged_is_lost() {
    kinds::run("failover.user_recipe", |root| scenario(root, kinds::rust()));
}

// FC-045, FC-048, FC-104
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    // Java fences with neither of the keys that ssh-keygen makes unasked, and takes one spelling.
    let (key, format) = match kinds[0] {
        Java => (KeyKind::EcdsaPem, "-formatZK"),
        Rust => (KeyKind::RsaOpenSsh, "-formatZk"),
    };
    let mut hosts = UserHosts::create(root, key, &Site::new())?;
    hosts.controller_command("nn01", kinds[0], &[format])?;
    hosts.start_journalnodes()?;
    hosts.namenode_command("nn01", &["-format"])?;
    hosts.carry_over("nn01", "nn02")?;
    // Formatting nn01 has formatted the journal; since Hadoop 3.3 doing it again takes -force.
    hosts.namenode_command("nn01", &["-initializeSharedEdits", "-force"])?;
    for (name, kind) in ["nn01", "nn02"].into_iter().zip(kinds) {
        hosts.start_namenode(name)?;
        hosts.start_controller(name, kind)?;
        // The first to be there is the first to be active.
        hosts.await_state(
            &name.replace("nn0", "nn"),
            if name == "nn01" { "active" } else { "standby" },
        )?;
    }
    let load = Load::start(hosts.client(), "user", NAMESERVICE, &root.join("user.acked"))?;
    load.await_more(100)?;
    hosts.kill_namenode("nn01")?;
    hosts.await_state("nn2", "active")?;
    load.await_more(100)?;
    hosts.start_namenode("nn01")?;
    hosts.await_state("nn1", "standby")?;
    load.stop()?;
    load.ensure_all_there(NAMESERVICE)?;
    hosts.client().dfsadmin(&["-fs", "hdfs://nn02:8020", "-rollEdits"])?;
    ensure!(JournalDir::ensure_equal(&hosts.journal_dirs()?)? > 0, "nothing was finalized");
    Ok(())
}
