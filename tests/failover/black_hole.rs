//! The active's host is gone from the network: nobody can ask it, and nobody can fence it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use system_tests::cluster::Load;
use system_tests::ha::UserHosts;
use system_tests::hadoop::FailoverControllerKind::{Java, Rust};
use system_tests::hadoop::{JournalNodeKind, Site};
use system_tests::inspect::JournalDir;
use system_tests::process::wait_until;
use system_tests::ssh::KeyKind;

use crate::kinds::{self, Kinds};

const NAMESERVICE: &str = "hdfs://nsd1907";
const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn a_lost_host_blocks_the_failover_until_it_is_back() {
    kinds::run("failover.black_hole", |root| {
        let (mut hosts, load) = stuck(root, kinds::rust())?;
        // Else it may be the faster one at the lock, and rightly keep its NameNode active.
        hosts.kill_controller("nn01")?;
        hosts.lab.heal("nn01")?;
        hosts.await_state("nn2", "active")?;
        conclude(&hosts, &load)
    });
}

#[test]
fn a_person_may_vouch_for_a_lost_host() {
    kinds::run("failover.vouched", |root| {
        let (hosts, load) = stuck(root, [Rust, Rust])?;
        hosts.tool("nn02", &["confirm-fenced", "nn1", "--yes", "--reason", "cut"])?;
        hosts.await_state("nn2", "active")?;
        hosts.await_logged("nn02", "failover from nsd1907/nn1 to nsd1907/nn2 done")?;
        load.await_more(30)?;
        hosts.lab.heal("nn01")?;
        // The old active finds that it is one no longer, or dies of the edits it may not write.
        wait_until("nn1 not to be active", LIMIT, || {
            let said = hosts.client().haadmin(&["-getServiceState", "nn1"]);
            Ok((!said.is_ok_and(|state| state.contains("active"))).then_some(()))
        })?;
        conclude(&hosts, &load)
    });
}

#[test]
fn evidence_stands_in_for_a_person_with_our_journalnodes() {
    kinds::run("failover.evidence", |root| evident(root, JournalNodeKind::Rust));
}

#[test]
fn evidence_stands_in_for_a_person_with_javas_journalnodes() {
    kinds::run("failover.evidence_java", |root| evident(root, JournalNodeKind::Java));
}

/// Nobody is asked. The old active lives on behind the broken network, and dies of the first
/// edit that reaches its JournalNodes again.
fn evident(root: &Path, journalnodes: JournalNodeKind) -> Result<()> {
    let mut site = impatient();
    site.set("dfs.ha.zkfc.rs.fencing.evidence.silence", "8s")
        // The old active still wants its edits written when it is back.
        .set("dfs.qjournal.write-txns.timeout.ms", 120_000);
    let patient = ["-D", "ipc.client.rpc-timeout.ms=0"];
    let (mut hosts, load) = under_load(root, [Rust, Rust], journalnodes, &site, &patient)?;
    hosts.lab.cut("nn01")?;
    hosts.await_logged("nn02", "by evidence: its host has been silent for")?;
    hosts.await_state("nn2", "active")?;
    hosts.await_logged("nn02", "failover from nsd1907/nn1 to nsd1907/nn2 done")?;
    load.await_more(30)?;
    hosts.lab.heal("nn01")?;
    hosts.await_namenode_end("nn01", "is less than the last promised epoch")?;
    conclude(&hosts, &load)
}

/// Two NameNodes under load, the host of the active one cut off, and the other's controller in
/// want of a person.
// FC-042, FC-103, FC-111
fn stuck(root: &Path, kinds: Kinds) -> Result<(UserHosts, Load)> {
    let (hosts, load) = under_load(root, kinds, JournalNodeKind::Rust, &impatient(), &[])?;
    hosts.lab.cut("nn01")?;
    let complaint = match kinds[1] {
        Java => "Unable to fence",
        Rust => "FAILOVER STUCK for",
    };
    hosts.await_logged("nn02", complaint)?;
    let state = hosts.client().haadmin(&["-getServiceState", "nn2"])?;
    ensure!(state.contains("standby"), "{state} beside a NameNode that may be active");
    Ok((hosts, load))
}

/// The waits of the user's files are cut short.
fn impatient() -> Site {
    let mut impatient = Site::new();
    impatient
        .set("ha.zookeeper.session-timeout.ms", 4000)
        .set("ha.failover-controller.graceful-fence.rpc-timeout.ms", 2000)
        .set("dfs.ha.fencing.ssh.connect-timeout", 2000)
        .set("ipc.client.connect.timeout", 2000)
        // A client has a call on its way to the lost host, too.
        .set("ipc.client.rpc-timeout.ms", 5000)
        .set("ipc.client.connect.max.retries.on.timeouts", 1)
        .set("dfs.client.failover.sleep.max.millis", 1000);
    impatient
}

/// Two NameNodes, nn1 the active one, and a client that writes.
fn under_load(
    root: &Path,
    kinds: Kinds,
    journalnodes: JournalNodeKind,
    site: &Site,
    namenode_args: &[&str],
) -> Result<(UserHosts, Load)> {
    let mut hosts = UserHosts::create(root, KeyKind::EcdsaPem, site)?;
    hosts.controller_command("nn01", kinds[0], &["-formatZK"])?;
    hosts.start_journalnodes_of(journalnodes)?;
    hosts.namenode_command("nn01", &["-format"])?;
    hosts.carry_over("nn01", "nn02")?;
    for (name, id, kind, state) in
        [("nn01", "nn1", kinds[0], "active"), ("nn02", "nn2", kinds[1], "standby")]
    {
        hosts.start_namenode_with(name, namenode_args)?;
        hosts.start_controller(name, kind)?;
        hosts.await_state(id, state)?;
    }
    let load = Load::start(hosts.client(), "hole", NAMESERVICE, &root.join("hole.acked"))?;
    load.await_more(50)?;
    Ok((hosts, load))
}

fn conclude(hosts: &UserHosts, load: &Load) -> Result<()> {
    load.await_more(50)?;
    load.stop()?;
    load.ensure_all_there(NAMESERVICE)?;
    hosts.client().dfsadmin(&["-fs", "hdfs://nn02:8020", "-rollEdits"])?;
    ensure!(JournalDir::ensure_equal(&hosts.journal_dirs()?)? > 0, "nothing was finalized");
    Ok(())
}
