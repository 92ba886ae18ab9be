use hadoop_ipc::conf::nameservices::{internal_nameservices, namenode_ids};
use hadoop_ipc::conf::{ConfError, Configuration};

use super::{
    EvidenceSettings, NameNodeSettings, StartFailure, ZooKeeperSettings, evidence_settings,
    generic_keys, keys, namenodes, zookeeper,
};
use crate::types::NameNodeId;

/// What the configuration says of a nameservice, seen from any host: for tools, which need not
/// run beside a NameNode.
#[derive(Debug)]
pub struct NameserviceSettings {
    /// One of `dfs.nameservices`.
    pub name: String,
    /// Its NameNodes in the order of the files, or what is wrong with one.
    pub namenodes: Vec<(NameNodeId, Result<NameNodeSettings, StartFailure>)>,
    /// How the controller of each NameNode uses ZooKeeper, or why it cannot.
    pub zookeeper: Vec<(NameNodeId, Result<ZooKeeperSettings, StartFailure>)>,
    /// Whether automatic failover is on, for each NameNode.
    pub automatic_failover: Vec<(NameNodeId, Result<bool, ConfError>)>,
    /// When evidence stands in for fencing, for the controller of each NameNode; `None`: never.
    pub evidence: Vec<(NameNodeId, Result<Option<EvidenceSettings>, StartFailure>)>,
}

impl NameserviceSettings {
    /// Every nameservice of this cluster that has more than one NameNode.
    pub fn all(conf: &Configuration) -> Result<Vec<Self>, ConfError> {
        let mut found = Vec::new();
        for name in internal_nameservices(conf)? {
            let ids = namenode_ids(conf, &name)?;
            if ids.len() > 1 {
                found.push(Self::of(conf, name, ids));
            }
        }
        Ok(found)
    }

    /// The NameNodes whose settings can be read.
    pub fn good_namenodes(&self) -> impl Iterator<Item = &NameNodeSettings> {
        self.namenodes.iter().filter_map(|(_, settings)| settings.as_ref().ok())
    }

    /// How ZooKeeper is used: as the first controller that can.
    pub fn first_zookeeper(&self) -> Result<&ZooKeeperSettings, String> {
        let read = self.zookeeper.iter().map(|(_, settings)| settings.as_ref());
        let mut failure = "dfs.ha.namenodes is empty".to_owned();
        for settings in read {
            match settings {
                Ok(settings) => return Ok(settings),
                Err(error) => failure = error.to_string(),
            }
        }
        Err(failure)
    }

    fn of(conf: &Configuration, name: String, ids: Vec<String>) -> Self {
        let ids: Vec<_> = ids.into_iter().map(|id| NameNodeId::new(&name, id)).collect();
        Self {
            namenodes: each(&ids, |id| namenodes::settings_of(conf, id)),
            zookeeper: each(&ids, |id| {
                let own = generic_keys::promoted_for_controller(conf, id)?;
                zookeeper::settings(&own, &name)
            }),
            automatic_failover: each(&ids, |id| {
                let own = generic_keys::promoted_for_controller(conf, id)?;
                own.boolean_or(keys::AUTOMATIC_FAILOVER, false)
            }),
            evidence: each(&ids, |id| {
                let own = generic_keys::promoted_for_controller(conf, id)?;
                let session_timeout = zookeeper::settings(&own, &name)?.session_timeout;
                evidence_settings::settings(&own, &name, session_timeout)
            }),
            name,
        }
    }
}

fn each<T>(ids: &[NameNodeId], read: impl Fn(&NameNodeId) -> T) -> Vec<(NameNodeId, T)> {
    ids.iter().map(|id| (id.clone(), read(id))).collect()
}
