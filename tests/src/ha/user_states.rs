use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Result;

use super::{HostClock, JournalDisk, QUORUM, UserHosts};
use crate::hadoop::FailoverControllerKind::Rust;
use crate::hadoop::Site;
use crate::process::wait_until;
use crate::ssh::KeyKind;

/// The hosts of the NameNodes, and the NameNodes' ids.
const NAMENODES: [(&str, &str); 2] = [("nn01", "nn1"), ("nn02", "nn2")];
/// Within this, the syncers must have fetched what a JournalNode missed.
const SYNC_LIMIT: Duration = Duration::from_secs(120);

/// The whole nameservice: brought up, and how it stands.
impl UserHosts {
    /// A user's cluster under `root` from nothing to nn1 active and nn2 standby, everything of ours
    /// in it. Journals have file systems of their own, and hosts clocks of their own.
    pub fn bring_up(root: &std::path::Path, more: &Site) -> Result<Self> {
        let mut hosts = Self::create(root, KeyKind::EcdsaPem, more)?;
        for node in QUORUM {
            JournalDisk::of(hosts.lab.host(node)?).create()?;
        }
        for name in QUORUM.into_iter().chain(NAMENODES.map(|(name, _)| name)) {
            HostClock::of(hosts.lab.host(name)?).create()?;
        }
        hosts.controller_command("nn01", Rust, &["-formatZK"])?;
        hosts.start_journalnodes()?;
        hosts.namenode_command("nn01", &["-format"])?;
        hosts.carry_over("nn01", "nn02")?;
        for ((name, id), state) in NAMENODES.into_iter().zip(["active", "standby"]) {
            hosts.start_namenode(name)?;
            hosts.start_controller(name, Rust)?;
            hosts.await_state(id, state)?;
        }
        Ok(hosts)
    }

    /// The host of the NameNode that says that it is active.
    pub fn active(&self) -> Option<&'static str> {
        let is_active = |id| self.state(id).is_ok_and(|state| state == "active");
        NAMENODES.into_iter().find(|(_, id)| is_active(id)).map(|(name, _)| name)
    }

    /// The host of the active NameNode if the other one is standby.
    pub fn settled(&self) -> Result<Option<&'static str>> {
        let [one, other] = NAMENODES.map(|(_, id)| self.state(id));
        let (one, other) = (one?, other?);
        Ok(match (one.as_str(), other.as_str()) {
            ("active", "standby") => Some(NAMENODES[0].0),
            ("standby", "active") => Some(NAMENODES[1].0),
            _ => None,
        })
    }

    fn state(&self, id: &str) -> Result<String> {
        Ok(self.client().haadmin(&["-getServiceState", id])?.trim().to_owned())
    }

    /// Waits until all JournalNodes have the same finished segments.
    pub fn await_equal_segments(&self) -> Result<()> {
        let dirs = self.journal_dirs()?;
        wait_until("the same finished segments on every JournalNode", SYNC_LIMIT, || {
            let mut names = BTreeSet::new();
            for dir in &dirs {
                let segments = dir.finalized()?;
                names.insert(segments.iter().map(|it| (it.first, it.last)).collect::<Vec<_>>());
            }
            Ok((names.len() == 1).then_some(()))
        })
    }
}
