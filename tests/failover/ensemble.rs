//! Three voters and an observer.

use std::thread::sleep;

use anyhow::ensure;
use failover::lock::SessionEvent;
use system_tests::process::WorkDir;
use system_tests::zookeeper::ZooKeeperEnsemble;

use crate::fixture::{JAVA_NN1, Listened, PATIENCE, TIMEOUT, block_on, formatted, settings};

#[test]
fn fc_021_a_lost_leader_and_a_lost_majority_cost_no_session() {
    WorkDir::run("failover-ensemble", |root| {
        let mut ensemble = ZooKeeperEnsemble::start(root)?;
        ensure!(ensemble.server(3).mode()? == "observer");
        block_on(async {
            let lock = formatted(&settings(ensemble.quorum())).await?;
            let mut holder = Listened::open(&lock).await?;
            holder.session.create_lock(JAVA_NN1).await?;
            let leader = ensemble.leader()?;
            ensemble.server(leader).kill()?;
            settle(&mut holder).await?;
            for voter in (0..3).filter(|voter| *voter != leader) {
                ensemble.server(voter).kill()?;
            }
            holder.expect(SessionEvent::Disconnected).await?;
            sleep(TIMEOUT * 2);
            ensure!(holder.events.try_recv().is_err(), "nobody can have said that it is over");
            ensemble.heal()?;
            settle(&mut holder).await
        })
    });
}

/// Waits until the holder has contact with a majority, and the lock still.
async fn settle(holder: &mut Listened) -> anyhow::Result<()> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        match holder.session.stat_lock().await {
            Ok(owner) => {
                let session = owner.map(|owner| owner.session);
                ensure!(session == Some(holder.session.id()), "the lock is {session:?}'s");
                break;
            }
            Err(error) => ensure!(tokio::time::Instant::now() < deadline, "{error}"),
        }
    }
    while let Ok(event) = holder.events.try_recv() {
        ensure!(!event.is_final(), "{event}");
    }
    Ok(())
}
