use hadoop_ipc::conf::HostPort;
use tokio::time::timeout;

use super::member::role_of;
use super::{Member, MemberFault};
use crate::lock::zookeeper::Ensemble;
use crate::tools::context::PATIENCE;

/// Asks a server what it is: by `srvr`, and by `stat` where only that is allowed.
pub(super) async fn ask(ensemble: &Ensemble, address: &HostPort) -> Member {
    let mut role = role_by(ensemble, address, "srvr").await;
    if role == Err(MemberFault::Disabled) {
        role = role_by(ensemble, address, "stat").await;
    }
    Member { address: address.clone(), role }
}

/// Where a server keeps its data, by `conf`; `None` if it does not tell.
pub(in crate::tools) async fn data_dir(ensemble: &Ensemble, address: &HostPort) -> Option<String> {
    let answer =
        timeout(PATIENCE, ensemble.ask(&address.host, address.port, "conf")).await.ok()?.ok()?;
    answer.lines().find_map(|line| line.strip_prefix("dataDir=")).map(|dir| dir.trim().to_owned())
}

async fn role_by(
    ensemble: &Ensemble,
    address: &HostPort,
    word: &'static str,
) -> Result<super::Role, MemberFault> {
    let asked = timeout(PATIENCE, ensemble.ask(&address.host, address.port, word)).await;
    let unreachable = |reason: String| MemberFault::Unreachable(reason);
    let answer = asked.map_err(|_| unreachable(format!("no answer within {PATIENCE:?}")))?;
    role_of(&answer.map_err(|error| unreachable(error.to_string()))?)
}
