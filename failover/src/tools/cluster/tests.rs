//! Views that tests of several modules use.

use std::time::Duration;

use hadoop_ipc::conf::HostPort;

use super::*;
use crate::lock::zookeeper::ElectionPaths;
use crate::lock::{AclEntry, SessionId};
use crate::namenode::ServiceStatus;
use crate::types::{ActiveNode, NameNodeId, ServiceState};

const WRITTEN_MS: u64 = 1_764_044_400_000;

fn at(host: &str, port: u16) -> HostPort {
    HostPort { host: host.to_owned(), port }
}

fn namenode(number: u8, state: ServiceState) -> NameNodeView {
    NameNodeView {
        id: NameNodeId::new("nsd1907", format!("nn{number}")),
        address: at(&format!("nn0{number}"), 8020),
        status: Ok(ServiceStatus { state, not_ready_reason: None }),
        health: Ok(()),
        controller: Ok(()),
    }
}

fn nn1_in(session: Option<SessionId>) -> Named {
    let node = ActiveNode {
        id: NameNodeId::new("nsd1907", "nn1"),
        hostname: "nn01".to_owned(),
        port: 8020,
        zkfc_port: 8019,
    };
    Named { node: Ok(node), version: 3, mzxid: 77, written_ms: WRITTEN_MS, session }
}

fn member(host: &str, role: Result<Role, MemberFault>) -> Member {
    Member { address: at(host, 2181), role }
}

/// nn1 is active, and all is well.
pub(in crate::tools) fn healthy() -> NameserviceView {
    let paths = ElectionPaths::below("/hadoop-ha/nsd1907");
    let acl = AclEntry::parse_list("digest:hdfs:x=:rwcda").unwrap();
    let acls = [&paths.parent, &paths.lock, &paths.breadcrumb];
    let acls = acls.map(|path| (path.clone(), acl.clone())).into();
    NameserviceView {
        name: "nsd1907".to_owned(),
        namenodes: vec![namenode(1, ServiceState::Active), namenode(2, ServiceState::Standby)],
        election: Ok(ElectionView {
            negotiated_timeout: Duration::from_secs(10),
            is_formatted: true,
            lock: Some(nn1_in(Some(SessionId(16)))),
            breadcrumb: Some(nn1_in(None)),
            paused: None,
            confirmation: None,
            last_failover: None,
            acls,
            paths,
        }),
        members: Members {
            seen: vec![
                member("node1", Ok(Role::Leader)),
                member("node2", Ok(Role::Follower)),
                member("node3", Ok(Role::Follower)),
                member("nn01", Ok(Role::Observer)),
            ],
            voters_and_observers: Some((3, 1)),
        },
    }
}

/// The host of nn1 is gone and cannot be fenced; a server of ZooKeeper is down, too.
pub(in crate::tools) fn nn1_down() -> NameserviceView {
    let mut view = healthy();
    let [nn1, nn2] = view.namenodes.as_mut_slice() else { unreachable!() };
    nn1.status = Err("cannot connect: refused".to_owned());
    nn1.health = Err("cannot connect: refused".to_owned());
    nn1.controller = Err("nobody listens at nn01:8019: refused".to_owned());
    let reason = Some("The NameNode is in safemode. ".to_owned());
    nn2.status = Ok(ServiceStatus { state: ServiceState::Standby, not_ready_reason: reason });
    view.election.as_mut().unwrap().lock = None;
    view.members.seen[1] = member("node2", Err(MemberFault::Unreachable("refused".to_owned())));
    view
}

#[test]
fn two_actives_and_a_lock_elsewhere_are_found() {
    assert_eq!(healthy().problems(), [""; 0]);
    let mut both = healthy();
    both.namenodes[1] = namenode(2, ServiceState::Active);
    assert_eq!(both.problems(), ["nn1 and nn2 all say they are active"]);
    let mut other = healthy();
    other.namenodes = vec![namenode(1, ServiceState::Standby), namenode(2, ServiceState::Active)];
    assert_eq!(other.problems(), ["nsd1907/nn2 is active, and nsd1907/nn1 has the lock"]);
}

#[test]
fn an_old_active_is_to_be_fenced_only_while_nobody_is_active() {
    assert_eq!(healthy().to_be_fenced(), None);
    assert_eq!(nn1_down().to_be_fenced().as_deref(), Some("nsd1907/nn1 at nn01:8020"));
    let mut idle = healthy();
    idle.namenodes[0] = namenode(1, ServiceState::Standby);
    assert_eq!(idle.to_be_fenced(), None, "the holder's own breadcrumb");
    assert_eq!(idle.problems(), ["nsd1907/nn1 has the lock and is not active"]);
}
