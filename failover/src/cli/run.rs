use std::io::{stderr, stdin};

use hadoop_ipc::conf::Configuration;
use tracing::{error, info};

use super::{Action, Arguments, FormatOutcome, FormatRequest, USAGE, confirm, format};
use crate::lock::LockError;
use crate::lock::zookeeper::{Administration, AncestorAcls, ZooKeeperLock};
use crate::settings::{ControllerSettings, StartFailure};

/// Does what the command line asks for, up to the controller itself, and answers with the exit
/// status. The order of the checks is Java's: which failure is seen first decides the status.
pub async fn run(conf: &Configuration, arguments: &Arguments) -> Result<u8, StartFailure> {
    let settings = ControllerSettings::from_conf(conf)?;
    let lock = ZooKeeperLock::new(&settings.zookeeper)?;
    let reached = lock.administer().await;
    let administration = reached.map_err(|error| unreachable_at(&settings, error))?;
    let done = match arguments.action() {
        Ok(Action::Format(request)) => format_now(&settings, &administration, request).await,
        Ok(Action::Serve) => serve(&settings, &administration).await,
        Err(usage) => Err(usage),
    };
    administration.close().await;
    if let Err(StartFailure::Usage { .. }) = done {
        eprint!("{USAGE}");
    }
    done
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

async fn serve(
    settings: &ControllerSettings,
    administration: &Administration,
) -> Result<u8, StartFailure> {
    let exists = administration.session().parent_exists().await;
    if !exists.map_err(|error| failed_at(settings, error))? {
        return Err(StartFailure::NoParentZnode { parent: settings.zookeeper.parent.clone() });
    }
    error!("zkfc-rs cannot take part in elections yet; run `hdfs zkfc`, which works beside it");
    Ok(1)
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
