use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::{Result, ensure};

use super::nemesis::{moments, name};
use super::{Fault, Role, Step};
use crate::ha::{NAMENODES, QUORUM, UserHosts};
use crate::lab::SlowLink;

const CLIENT: &str = "client";
/// Of a lossy link. More, and a connection of TCP no longer lives; less, and few calls notice.
const LOST_PERCENT: u32 = 15;
/// Of a slow link: from another town to another continent.
const DELAY_MS: Range<u64> = 20..400;
/// Of a JournalNode: RPC and HTTP.
const JOURNALNODE_PORTS: [u16; 2] = [8485, 8480];
/// Of a ZooKeeper server: for clients, and among each other, since an observer may be on the host.
const ZOOKEEPER_PORTS: [u16; 3] = [2181, 2888, 3888];

type HostOf<'a> = &'a dyn Fn(Role) -> &'static str;

/// What is wrong with the network between the hosts.
#[derive(Debug, Default)]
pub(super) struct Network {
    /// Hosts whose packets wait.
    slow: BTreeMap<&'static str, SlowLink>,
    /// Whether there is any filter.
    filtered: bool,
}

impl Network {
    /// Does what is a matter of the network.
    pub(super) fn harm(&mut self, hosts: &UserHosts, step: Step, host: HostOf) -> Result<()> {
        self.filtered = true;
        let lab = &hosts.lab;
        match step.fault {
            Fault::LoseBursts(node) => return lose_bursts(hosts, name(node), step),
            Fault::LoseShare(role) => return lab.lose_share(host(role), LOST_PERCENT),
            Fault::LoseNodeShare(node) => return lab.lose_share(name(node), LOST_PERCENT),
            Fault::CutFromJournals(role) => return lab.lose_ports(host(role), &JOURNALNODE_PORTS),
            Fault::CutFromZookeeper(role) => return lab.lose_ports(host(role), &ZOOKEEPER_PORTS),
            _ => {}
        }
        let late = match step.fault {
            Fault::Delay(role) => host(role),
            Fault::DelayNode(node) => name(node),
            cut => return sever(hosts, cut, host),
        };
        // Two faults may mean one host, if it was active and is no longer.
        if !self.slow.contains_key(late) {
            self.slow.insert(late, lab.delay(late, DELAY_MS, step.seed)?);
        }
        Ok(())
    }

    /// Everything arrives again.
    pub(super) fn heal(&mut self, hosts: &UserHosts) -> Result<()> {
        if !std::mem::take(&mut self.filtered) {
            return Ok(());
        }
        for host in hosts.lab.hosts() {
            hosts.lab.deliver(host.name())?;
        }
        hosts.lab.unfilter()?;
        self.slow.clear();
        Ok(())
    }
}

fn sever(hosts: &UserHosts, fault: Fault, host: HostOf) -> Result<()> {
    let (one, others, ways) = match fault {
        Fault::Isolate(role) => (host(role), all_but(host(role)), [true, true]),
        Fault::CutFromNodes(role) => (host(role), QUORUM.to_vec(), [true, true]),
        Fault::LoseRequests(role) => (host(role), QUORUM.to_vec(), [true, false]),
        Fault::LoseAnswers(role) => (host(role), QUORUM.to_vec(), [false, true]),
        Fault::CutFromPeers(role) => {
            let mut peers = all_but(host(role));
            peers.retain(|peer| !QUORUM.contains(peer));
            (host(role), peers, [true, true])
        }
        Fault::IsolateNode(node) => (name(node), all_but(name(node)), [true, true]),
        other => {
            ensure!(false, "{other} is no matter of the network");
            return Ok(());
        }
    };
    for other in others {
        if ways[0] {
            hosts.lab.lose(one, other)?;
        }
        if ways[1] {
            hosts.lab.lose(other, one)?;
        }
    }
    Ok(())
}

fn all_but(host: &str) -> Vec<&'static str> {
    let all = QUORUM.into_iter().chain(NAMENODES).chain([CLIENT]);
    all.filter(|other| *other != host).collect()
}

fn lose_bursts(hosts: &UserHosts, node: &'static str, step: Step) -> Result<()> {
    moments(step, |lost| match lost {
        true => all_but(node).into_iter().try_for_each(|other| hosts.lab.lose(node, other)),
        false => hosts.lab.deliver(node),
    })
}
