use std::net::SocketAddr;

use futures_util::future::join_all;
use hadoop_ipc::conf::{Configuration, HostPort};
use tokio::net::lookup_host;

use crate::fence::{CheckResult, CheckState, FenceOptions, FenceTarget, Fencer};
use crate::settings::{NameNodeSettings, NameserviceSettings};
use crate::types::{ActiveNode, NameNodeId};

/// How fencing one NameNode stands, from this host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetCheck {
    /// Which NameNode.
    pub id: NameNodeId,
    /// What was looked at, in order; else why there is no method at all.
    pub rows: Result<Vec<CheckResult>, String>,
}

impl TargetCheck {
    /// Whether a method would work: one of which nothing is bad.
    pub fn works(&self) -> bool {
        let Ok(rows) = &self.rows else { return false };
        let is_good = |method: &str| {
            let mut of_method = rows.iter().filter(|row| row.method == method);
            of_method.all(|row| row.state != CheckState::Bad)
        };
        rows.iter().any(|row| is_good(&row.method))
    }
}

/// Looks at the methods for every NameNode of a nameservice but the one on this host.
pub async fn check(
    conf: &Configuration,
    settings: &NameserviceSettings,
    local: Option<&NameNodeId>,
) -> Vec<TargetCheck> {
    let peers = settings.good_namenodes().filter(|namenode| Some(&namenode.id) != local);
    join_all(peers.map(|peer| check_one(conf, peer))).await
}

async fn check_one(conf: &Configuration, namenode: &NameNodeSettings) -> TargetCheck {
    let methods = namenode.fencing_methods.clone().unwrap_or_default();
    let fencer = FenceOptions::from_conf(conf).and_then(|options| Fencer::parse(&methods, options));
    let rows = match fencer {
        Ok(fencer) => Ok(fencer.check(&target(namenode).await).await),
        Err(error) => Err(error.to_string()),
    };
    TargetCheck { id: namenode.id.clone(), rows }
}

async fn target(namenode: &NameNodeSettings) -> FenceTarget {
    let HostPort { host, port } = &namenode.service_address;
    FenceTarget {
        node: ActiveNode {
            id: namenode.id.clone(),
            hostname: host.clone(),
            port: i32::from(*port),
            zkfc_port: i32::from(namenode.zkfc_port),
        },
        address: resolved(host, *port).await,
        properties: namenode.properties.clone(),
    }
}

async fn resolved(host: &str, port: u16) -> Option<SocketAddr> {
    lookup_host((host, port)).await.ok()?.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(method: &str, state: CheckState) -> CheckResult {
        CheckResult {
            method: method.to_owned(),
            subject: "login".to_owned(),
            state,
            found: String::new(),
            remedy: None,
        }
    }

    #[test]
    fn one_method_that_works_is_enough() {
        let check = |rows| TargetCheck { id: NameNodeId::new("ns", "nn1"), rows };
        let (good, bad) = (row("sshfence", CheckState::Good), row("sshfence", CheckState::Bad));
        let other = row("shell(x)", CheckState::Doubtful);
        assert!(check(Ok(vec![good.clone()])).works());
        assert!(!check(Ok(vec![good.clone(), bad.clone()])).works());
        assert!(check(Ok(vec![good, bad, other])).works());
        assert!(!check(Ok(Vec::new())).works());
        assert!(!check(Err("nothing".to_owned())).works());
    }
}
