use futures_util::future::join_all;

use super::members::count;
use super::{
    ElectionView, Member, MemberFault, Members, Named, NameserviceView, member_probe,
    namenode_probe, servers_of,
};
use crate::ledger::LedgerError;
use crate::lock::zookeeper::{Ensemble, Znodes, ZooKeeperSession};
use crate::lock::{LockError, LockSession};
use crate::settings::{NameNodeSettings, NameserviceSettings};
use crate::tools::Context;
use crate::tools::context::open;

/// Looks at a nameservice: all at a time, and each within a few seconds.
pub async fn look(context: &Context, settings: &NameserviceSettings) -> NameserviceView {
    let (seen, (election, voters_and_observers)) =
        tokio::join!(members(settings), election(settings));
    let calls = context.calls();
    let asked = settings
        .good_namenodes()
        .map(|namenode| namenode_probe::ask(namenode, port_in_lock(&election, namenode), &calls));
    NameserviceView {
        name: settings.name.clone(),
        namenodes: join_all(asked).await,
        election,
        members: Members { seen, voters_and_observers },
    }
}

async fn members(settings: &NameserviceSettings) -> Vec<Member> {
    let Ok(zookeeper) = settings.first_zookeeper() else { return Vec::new() };
    let servers = servers_of(&zookeeper.quorum);
    match Ensemble::new(zookeeper) {
        Ok(ensemble) => {
            join_all(servers.iter().map(|server| member_probe::ask(&ensemble, server))).await
        }
        Err(why) => {
            let fault = MemberFault::NotAsked(why.to_string());
            let unasked = |address| Member { address, role: Err(fault.clone()) };
            servers.into_iter().map(unasked).collect()
        }
    }
}

/// The port of a controller that holds the lock is in there.
fn port_in_lock(
    election: &Result<ElectionView, String>,
    namenode: &NameNodeSettings,
) -> Option<u16> {
    let lock = election.as_ref().ok()?.lock.as_ref()?.node.as_ref().ok()?;
    let is_its = lock.id == namenode.id;
    u16::try_from(lock.zkfc_port).ok().filter(|port| is_its && *port > 0)
}

async fn election(
    settings: &NameserviceSettings,
) -> (Result<ElectionView, String>, Option<(usize, usize)>) {
    let session = match open(settings).await {
        Ok(session) => session,
        Err(why) => return (Err(why), None),
    };
    let members = session.znodes().members().await.ok().flatten();
    let view = read(&session).await;
    session.close().await;
    (view.map_err(|error| error.to_string()), members.as_deref().and_then(count))
}

async fn read(session: &ZooKeeperSession) -> Result<ElectionView, LedgerError> {
    let (znodes, ledger) = (session.znodes(), session.ledger());
    let paths = znodes.paths().clone();
    let lock = named(&znodes, &paths.lock).await?;
    let breadcrumb = named(&znodes, &paths.breadcrumb).await?;
    let mut acls = Vec::new();
    for path in [&paths.parent, &paths.lock, &paths.breadcrumb] {
        let acl = znodes.acl(path).await.map_err(|error| failed("read the ACL of", path, error))?;
        acls.extend(acl.map(|acl| (path.clone(), acl)));
    }
    Ok(ElectionView {
        negotiated_timeout: session.timeout(),
        is_formatted: acls.iter().any(|(path, _)| *path == paths.parent),
        lock,
        breadcrumb,
        paused: ledger.paused().await?,
        confirmation: ledger.confirmation().await?,
        last_failover: ledger.history().await?.into_iter().next(),
        acls,
        paths,
    })
}

async fn named(znodes: &Znodes, path: &str) -> Result<Option<Named>, LedgerError> {
    let read = znodes.read(path).await.map_err(|error| failed("read", path, error))?;
    Ok(read.as_ref().map(Named::of))
}

fn failed(what: &'static str, path: &str, source: LockError) -> LedgerError {
    LedgerError::Znode { what, path: path.to_owned(), source }
}
