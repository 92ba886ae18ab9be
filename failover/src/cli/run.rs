use std::io::{stderr, stdin};
use std::pin::pin;
use std::sync::Arc;

use hadoop_ipc::conf::Configuration;
use tracing::{error, info, warn};

use super::{Action, Arguments, FormatOutcome, FormatRequest, USAGE, confirm, format};
use crate::daemon::{Daemon, stop_signal};
use crate::lock::zookeeper::{Administration, AncestorAcls, ZooKeeperLock};
use crate::lock::{LockError, LockService};
use crate::settings::{ControllerSettings, StartFailure};

/// Does what the command line asks for and answers with the exit status. The order of the checks
/// is Java's: which failure is seen first decides the status.
pub async fn run(conf: &Configuration, arguments: &Arguments) -> Result<u8, StartFailure> {
    let settings = ControllerSettings::from_conf(conf)?;
    settings.warning().iter().for_each(|warning| warn!("{warning}"));
    let lock = ZooKeeperLock::new(&settings.zookeeper)?;
    match arguments.action() {
        Ok(Action::Serve) => serve(settings, lock).await,
        Ok(Action::Format(request)) => {
            let administration = reach(&settings, &lock).await?;
            let done = format_now(&settings, &administration, request).await;
            administration.close().await;
            done
        }
        Err(usage) => {
            reach(&settings, &lock).await?.close().await;
            eprint!("{USAGE}");
            Err(usage)
        }
    }
}

async fn reach(
    settings: &ControllerSettings,
    lock: &ZooKeeperLock,
) -> Result<Administration, StartFailure> {
    lock.administer().await.map_err(|error| unreachable_at(settings, error))
}

async fn serve(settings: ControllerSettings, lock: ZooKeeperLock) -> Result<u8, StartFailure> {
    let opened = LockService::open(&lock).await;
    let session = opened.map_err(|error| unreachable_at(&settings, error))?;
    let (settings, lock) = (Arc::new(settings), Arc::new(lock));
    // Whoever sees the port open may also ask to stop.
    let mut stop = pin!(stop_signal().map_err(|error| StartFailure::Signals(error.to_string()))?);
    let started = tokio::select! {
        started = Daemon::start(settings, lock, Arc::clone(&session)) => started,
        exit = &mut stop => {
            session.close().await;
            return Ok(exit.status());
        }
    };
    let daemon = match started {
        Ok(daemon) => daemon,
        Err(failure) => {
            session.close().await;
            return Err(failure);
        }
    };
    drop(session);
    Ok(daemon.serve(stop).await.status())
}

async fn format_now(
    settings: &ControllerSettings,
    administration: &Administration,
    request: FormatRequest,
) -> Result<u8, StartFailure> {
    let parent = &settings.zookeeper.parent;
    let ancestors = match settings.format_ancestor_acls {
        true => AncestorAcls::Set,
        false => AncestorAcls::Keep,
    };
    let outcome = format(administration, request, ancestors, || proceed(parent)).await;
    let outcome = outcome.map_err(|error| failed_at(settings, error))?;
    match outcome {
        FormatOutcome::Formatted => info!("{parent} is prepared in ZooKeeper"),
        FormatOutcome::Denied => error!("{parent} is in ZooKeeper already; nothing was changed"),
        FormatOutcome::Locked(owner) => error!(
            "nothing was changed: the lock in {parent} is held by session {}, so a controller is \
             at work. Stop all controllers of the nameservice first, and their NameNodes. To end \
             them all by force, give -force twice",
            owner.session
        ),
    }
    Ok(outcome.exit_code())
}

/// Asks on the terminal. Nothing else happens meanwhile, and the session lives on.
fn proceed(parent: &str) -> bool {
    eprintln!(
        "{parent} is in ZooKeeper already. Formatting it makes the cluster forget which NameNode \
         was active\nlast, and the next one will not be fenced off. Stop all NameNodes and \
         failover controllers of the\nnameservice before you go on."
    );
    let question = format!("Clear {parent} and all below it?");
    confirm(&question, stdin().lock(), stderr()).unwrap_or_else(|problem| {
        error!("cannot ask: {problem}");
        false
    })
}

fn unreachable_at(settings: &ControllerSettings, error: LockError) -> StartFailure {
    let (quorum, reason) = (settings.zookeeper.quorum.clone(), error.to_string());
    match error {
        LockError::ConnectionLoss | LockError::SessionExpired => {
            StartFailure::NoZooKeeper { quorum, reason }
        }
        _ => StartFailure::ZooKeeper { quorum, reason },
    }
}

fn failed_at(settings: &ControllerSettings, error: LockError) -> StartFailure {
    let quorum = settings.zookeeper.quorum.clone();
    StartFailure::ZooKeeper { quorum, reason: error.to_string() }
}
