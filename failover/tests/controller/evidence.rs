use std::time::Duration;

use failover::ledger::Outcome;

use super::fixture::{LONG, Node, World};
use super::journal_node::FakeJournalNode;
use super::namenode::FakeNameNode;
use super::patience::until;

/// What every JournalNode has promised to the old active.
const ITS_EPOCH: u64 = 7;
/// Connects to a multicast address never leave this host.
const NOWHERE: &str = "224.0.0.1:8020";

/// An old active that cannot be fenced, and who keeps its edits.
struct Lost {
    world: World,
    journal: Vec<FakeJournalNode>,
}

impl Lost {
    /// nn2 is at an address from which nothing comes back.
    async fn silent() -> Self {
        let mut world = World::new(LONG).await;
        world.nn2.address = NOWHERE.parse().unwrap();
        Self::of(world).await
    }

    /// nn2 is dead, and its host lives.
    async fn on_a_living_host() -> Self {
        let mut world = World::new(LONG).await;
        world.nn2 = FakeNameNode::active().await;
        world.nn2.kill();
        Self::of(world).await
    }

    async fn of(world: World) -> Self {
        let mut journal = Vec::new();
        for _ in 0..3 {
            journal.push(FakeJournalNode::promised(ITS_EPOCH).await);
        }
        let nodes: Vec<_> = journal.iter().map(|node| node.address.to_string()).collect();
        let uri = format!("qjournal://{}/journal1", nodes.join(";"));
        world.leave_breadcrumb_of_nn2();
        let world = world.set("dfs.namenode.shared.edits.dir", uri);
        Self { world, journal }
    }

    fn with_policy(mut self) -> Self {
        self.world = self
            .world
            .set("ha.zookeeper.session-timeout.ms", 100)
            .set("dfs.ha.zkfc.rs.fencing.evidence.silence", "100ms");
        self
    }

    fn epochs(&self) -> Vec<u64> {
        self.journal.iter().map(FakeJournalNode::epoch).collect()
    }

    /// The reason why it stays stuck, once it has a word in it. Nobody is active then.
    async fn stays_stuck(&self, node: &Node, word: &str) -> String {
        let reason = || node.status().stuck_fencing.map(|stuck| stuck.reason).unwrap_or_default();
        until(word, || reason().contains(word)).await;
        assert!(!self.world.nn1.is_active());
        assert!(self.world.nn1.told().iter().all(|told| told != "transitionToActive"));
        reason()
    }
}

#[tokio::test]
async fn fc_042_a_silent_host_counts_as_fenced_once_its_epoch_is_over() {
    let lost = Lost::silent().await.with_policy();
    lost.journal[0].kill();
    let node = lost.world.run("nn1").await;
    node.is("ACTIVE").await;
    assert_eq!(lost.epochs()[1..], [ITS_EPOCH + 1; 2]);
    let by = node.fenced_by().unwrap();
    assert!(by.starts_with("evidence: its host has been silent for"), "{by}");
    assert!(by.ends_with("promised epoch 8, after 7"), "{by}");
    let written = node.failover_that(|record| record.outcome == Outcome::Activated).await;
    let fencing = written.fencing.unwrap();
    assert!(fencing.contains("shell(false)") && fencing.contains("; evidence: "), "{fencing}");
}

#[tokio::test]
async fn who_refuses_is_not_silent_and_nobody_is_cut_off() {
    let lost = Lost::on_a_living_host().await.with_policy();
    let node = lost.world.run("nn1").await;
    let reason = lost.stays_stuck(&node, "no evidence of its death yet").await;
    assert!(reason.contains("answers: Connection refused"), "{reason}");
    assert_eq!(lost.epochs(), [ITS_EPOCH; 3]);
}

#[tokio::test]
async fn without_the_policy_silence_counts_for_nothing() {
    let lost = Lost::silent().await;
    let node = lost.world.run("nn1").await;
    let reason = lost.stays_stuck(&node, "shell(false)").await;
    assert!(!reason.contains("evidence"), "{reason}");
    assert_eq!(lost.epochs(), [ITS_EPOCH; 3]);
}

#[tokio::test]
async fn silence_without_a_majority_of_journalnodes_is_not_enough() {
    let lost = Lost::silent().await.with_policy();
    lost.journal[0].kill();
    lost.journal[1].kill();
    let node = lost.world.run("nn1").await;
    lost.stays_stuck(&node, "getJournalState succeeded on 1 of 3 JournalNodes, 2 needed").await;
    assert_eq!(lost.epochs()[2], ITS_EPOCH);
}

#[tokio::test]
async fn a_lost_race_for_the_epoch_is_run_again() {
    let lost = Lost::silent().await.with_policy();
    lost.journal.iter().for_each(|node| node.expect_rival(20));
    let node = lost.world.run("nn1").await;
    node.is("ACTIVE").await;
    let by = node.fenced_by().unwrap();
    assert!(by.ends_with("promised epoch 21, after 20"), "{by}");
}

#[tokio::test]
async fn a_method_that_works_comes_before_evidence() {
    let mut lost = Lost::silent().await.with_policy();
    lost.world = lost.world.set("dfs.ha.fencing.methods", "shell(true)");
    let node = lost.world.run("nn1").await;
    node.is("ACTIVE").await;
    assert_eq!(node.fenced_by().as_deref(), Some("shell(true)"));
    assert_eq!(lost.epochs(), [ITS_EPOCH; 3]);
}

#[tokio::test]
async fn whoever_may_have_lost_the_lock_cuts_nobody_off() {
    let mut world = World::new(Duration::from_secs(1)).await;
    world.nn2.address = NOWHERE.parse().unwrap();
    let world = world.set("dfs.ha.fencing.methods", "shell(sleep 1; false)");
    let lost = Lost::of(world).await.with_policy();
    let node = lost.world.run("nn1").await;
    until("it holds the lock", || lost.world.ensemble.lock().is_some()).await;
    let (session, _) = lost.world.ensemble.lock().unwrap();
    lost.world.ensemble.disconnect(session);
    lost.stays_stuck(&node, "ZooKeeper has not confirmed the session for too long").await;
    assert_eq!(lost.epochs(), [ITS_EPOCH; 3]);
}
