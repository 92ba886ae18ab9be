//! What is kept beside the lock.

use anyhow::{Context, Result, ensure};
use failover::ledger::{
    Confirmation, FailoverRecord, History, LedgerError, Outcome, Paused, Phases, Standing,
};
use failover::lock::zookeeper::ZooKeeperSession;
use failover::lock::{LockError, LockService, LockSession};
use failover::types::NameNodeId;
use tokio::time::timeout;

use crate::fixture::{
    JAVA_NN1, PARENT, PATIENCE, block_on, client, formatted, secured, settings, with_server,
};
use system_tests::process::WorkDir;
use system_tests::zookeeper::ZooKeeperEnsemble;

const ACL: &str = "digest:hdfs:Rqc/eU/YLg4bkzNvY5214ox3UMs=:rwcda";
const AUTH: &str = "digest:hdfs:secret";

fn failover(at_ms: u64) -> FailoverRecord {
    FailoverRecord {
        at_ms,
        from: Some(NameNodeId::new("nsd1907", "nn1")),
        to: NameNodeId::new("nsd1907", "nn2"),
        why: "the lock was free".to_owned(),
        outcome: Outcome::Activated,
        by: "nn02".to_owned(),
        phases: Phases { total_ms: 700, ..Phases::default() },
        fencing: None,
    }
}

fn paused(why: &str) -> Paused {
    Paused { by: "ann@nn01".to_owned(), at_ms: 1, why: why.to_owned() }
}

/// Resumes, whatever connections are lost on the way.
async fn resume(tool: &dyn LockSession) -> Result<bool> {
    loop {
        match tool.ledger().resume().await {
            Err(LedgerError::Znode { source: LockError::ConnectionLoss, .. }) => {}
            resumed => return Ok(resumed?),
        }
    }
}

/// The word for the breadcrumb that is there.
async fn word(session: &ZooKeeperSession) -> Result<Confirmation> {
    let znodes = session.znodes();
    let breadcrumb = znodes.read(&znodes.paths().breadcrumb).await?.context("a breadcrumb")?;
    Ok(Confirmation {
        by: "ann@nn01".to_owned(),
        at_ms: 1,
        why: "it is on my desk".to_owned(),
        namenode: NameNodeId::new("nsd1907", "nn1"),
        breadcrumb_version: breadcrumb.version,
        breadcrumb_mzxid: breadcrumb.mzxid,
    })
}

#[test]
fn the_history_is_bounded_and_the_latest_comes_first() {
    with_server("failover-ledger-history", async |server| {
        let lock = formatted(&settings(server.address())).await?;
        let session = lock.open().await?;
        let ledger = session.ledger();
        ensure!(ledger.history().await?.is_empty());
        for at in 0..History::MAX_RECORDS as u64 + 5 {
            ledger.record(failover(at)).await?;
        }
        ledger.record(failover(104)).await?;
        let history = ledger.history().await?;
        ensure!(history.len() == History::MAX_RECORDS && history[0] == failover(104));
        ensure!(history[99] == failover(5), "the oldest went");
        Ok(())
    });
}

#[test]
fn controllers_that_record_at_a_time_lose_nothing() {
    with_server("failover-ledger-writers", async |server| {
        let lock = formatted(&settings(server.address())).await?;
        let (one, other) = (lock.open().await?, lock.open().await?);
        let (one, other) = (one.ledger(), other.ledger());
        for round in 0..10 {
            let (a, b) = (failover(2 * round), failover(2 * round + 1));
            let (a, b) = tokio::join!(one.record(a), other.record(b));
            a.and(b)?;
        }
        ensure!(one.history().await?.len() == 20);
        Ok(())
    });
}

#[test]
fn a_pause_reaches_a_second_client_and_outlives_the_first() {
    WorkDir::run("failover-ledger-pause", |root| {
        let mut ensemble = ZooKeeperEnsemble::start(root)?;
        block_on(async {
            let lock = formatted(&settings(ensemble.quorum())).await?;
            let controller = lock.open().await?;
            let ledger = controller.ledger();
            let waiting = tokio::spawn(async move { ledger.changed(Standing::default()).await });
            let tool = lock.open().await?;
            tool.ledger().pause(paused("disks")).await?;
            tool.close().await;
            let standing = timeout(PATIENCE, waiting).await???;
            ensure!(standing.paused == Some(paused("disks")), "{standing:?}");
            let leader = ensemble.leader()?;
            ensemble.server(leader).kill()?;
            let tool = lock.open().await?;
            ensure!(resume(&*tool).await? && !resume(&*tool).await?);
            let seen = timeout(PATIENCE, controller.ledger().changed(standing)).await??;
            ensure!(seen == Standing::default(), "{seen:?}");
            Ok(())
        })
    });
}

#[test]
fn a_word_is_taken_by_one_winner_and_never_for_a_later_active() {
    with_server("failover-ledger-word", async |server| {
        let lock = formatted(&settings(server.address())).await?;
        let (tool, winner, loser) = (lock.session().await?, lock.open().await?, lock.open().await?);
        winner.write_breadcrumb(JAVA_NN1, None).await?;
        tool.ledger().confirm_fenced(word(&tool).await?).await?;
        let (a, b) = (winner.ledger(), loser.ledger());
        let (a, b) = tokio::join!(a.take_confirmation(0), b.take_confirmation(0));
        ensure!(a?.is_some() != b?.is_some(), "exactly one takes it");

        let old = word(&tool).await?;
        tool.ledger().confirm_fenced(old.clone()).await?;
        winner.delete_breadcrumb(0).await?;
        winner.write_breadcrumb(JAVA_NN1, None).await?;
        let taken = winner.ledger().take_confirmation(0).await?;
        ensure!(taken.is_none(), "the same bytes and version, and another active");
        let late = tool.ledger().confirm_fenced(old).await;
        ensure!(late == Err(LedgerError::BreadcrumbChanged), "{late:?}");
        Ok(())
    });
}

#[test]
fn fc_012_the_ledger_has_the_acl_of_the_lock() {
    with_server("failover-ledger-acl", async |server| {
        let lock = formatted(&secured(server.address(), ACL, AUTH)?).await?;
        lock.open().await?.ledger().pause(paused("")).await?;
        let stranger = crate::fixture::lock(&settings(server.address()))?.open().await?;
        ensure!(stranger.ledger().resume().await.is_err(), "a stranger cannot resume");
        ensure!(stranger.ledger().pause(paused("mine")).await.is_err());
        let reader = client(server.address()).await?;
        reader.auth("digest", b"hdfs:secret").await?;
        for path in ["zkfc-rs", "zkfc-rs/paused"] {
            let (acl, _) = reader.get_acl(&format!("{PARENT}/{path}")).await?;
            ensure!(acl.len() == 1 && acl[0].scheme() == "digest", "{path}: {acl:?}");
        }
        Ok(())
    });
}

#[test]
fn without_format_the_error_says_what_to_do() {
    with_server("failover-ledger-unformatted", async |server| {
        let session = crate::fixture::lock(&settings(server.address()))?.open().await?;
        for refused in
            [session.ledger().pause(paused("")).await, session.ledger().record(failover(1)).await]
        {
            let refused = refused.err().context("refused")?.to_string();
            ensure!(refused.contains("-formatZK"), "{refused}");
        }
        ensure!(session.ledger().paused().await?.is_none());
        Ok(())
    });
}
