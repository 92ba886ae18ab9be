use std::sync::Arc;
use std::time::Duration;

use hadoop_ipc::conf::HostPort;

use super::lease;
use super::namenodes::{NameNodes, target};
use crate::engine::Evidence;
use crate::evidence::{HostWatch, JournalQuorum, Silence, namespace_info};
use crate::fence::Fencer;
use crate::lock::LockSession;
use crate::settings::{EvidenceSettings, NameNodeSettings};

/// Where hosts take logins: it shows that a host lives, even if no method uses it.
const SSH_PORT: u16 = 22;

/// Looks for what speaks for the death of an old active, if that is wanted.
///
/// It begins when the old active is slow to obey, so that the host is watched while the methods
/// run, and goes on after them. [`Inquiry::conclude`] is for when all of them have failed.
pub(super) struct Inquiry {
    settings: EvidenceSettings,
    watch: Arc<HostWatch>,
}

impl Inquiry {
    /// `None` where evidence does not count.
    pub(super) fn begin(
        namenodes: &NameNodes,
        namenode: &NameNodeSettings,
        fencer: &Fencer,
    ) -> Option<Self> {
        let settings = namenodes.settings.evidence.clone()?;
        Some(Self { settings, watch: namenodes.watch(doors(namenode, fencer)) })
    }

    /// The evidence, or what is missing. Only whoever certainly holds the lock may make the
    /// JournalNodes promise something: another holder's NameNode would be cut off.
    pub(super) async fn conclude(
        &self,
        namenodes: &NameNodes,
        session: Option<&dyn LockSession>,
    ) -> Result<Evidence, String> {
        let silence = self.watch.latest().await;
        let silent_for = silence.lasted();
        if silent_for < self.settings.silent_for {
            return Err(not_silent(&silence, self.settings.silent_for));
        }
        let silent = format!("its host has been silent for {} s", silent_for.as_secs());
        let promise = self.promise(namenodes, session).await;
        let promise = promise.map_err(|why| format!("{silent}, but {why}"))?;
        let (written_epoch, promised_epoch) = (promise.before, promise.epoch);
        Ok(Evidence { silent_for, written_epoch, promised_epoch })
    }

    async fn promise(
        &self,
        namenodes: &NameNodes,
        session: Option<&dyn LockSession>,
    ) -> Result<crate::evidence::Promise, String> {
        let local = &namenodes.settings.local;
        let limit = namenodes.settings.transitions.graceful_fence_timeout;
        let options = &namenodes.options;
        let namespace = namespace_info(target(&local.service_address), options, limit);
        let namespace = namespace
            .await
            .map_err(|fault| format!("the own NameNode does not say its namespace: {fault}"))?;
        let journal = &self.settings.journal;
        let quorum = JournalQuorum::new(journal, &local.id.nameservice, options);
        let holds_lock = || match session {
            Some(session) if lease::is_left(session) => Ok(()),
            _ => Err("ZooKeeper has not confirmed the session for too long".to_owned()),
        };
        quorum.promise(&namespace, holds_lock).await
    }
}

fn not_silent(silence: &Silence, needed: Duration) -> String {
    let (lasted, needed) = (silence.lasted().as_secs(), needed.as_secs());
    match silence.broken() {
        Some(why) => format!("its host has been silent for {lasted} s of {needed} s; {why}"),
        None => format!("its host has been silent for {lasted} s of {needed} s"),
    }
}

/// Every port that somebody on the host may answer at, each once.
fn doors(namenode: &NameNodeSettings, fencer: &Fencer) -> Vec<HostPort> {
    let host = &namenode.service_address.host;
    let at_host = |port| HostPort { host: host.clone(), port };
    let mut doors = namenode.addresses.clone();
    let ports = fencer.ssh_ports().into_iter().chain([SSH_PORT, namenode.zkfc_port]);
    doors.extend(ports.map(at_host));
    // Port 0 is any port: nobody can be asked there.
    doors.retain(|door| door.port != 0);
    let mut once: Vec<HostPort> = Vec::new();
    for door in doors {
        if !once.contains(&door) {
            once.push(door);
        }
    }
    once
}
