use std::time::Duration;

use bytes::Bytes;

use super::sim::{Sim, node};
use crate::engine::{ElectorState, Event, Fault, LockFault, RequestNo, SessionEvent, Timer};
use crate::types::{Health, ServiceState};

fn ask(request: u64) -> Event {
    Event::GracefulFailover { request: RequestNo(request), caller: "haadmin".to_owned() }
}

fn data(name: &str) -> Bytes {
    Bytes::from(node(name).encode())
}

fn down() -> Fault {
    Fault { java_class: "java.net.ConnectException".to_owned(), message: "refused".to_owned() }
}

#[track_caller]
fn refused(sim: &Sim, text: &str) {
    let (_, result) = sim.replies.last().unwrap();
    assert!(result.as_ref().unwrap_err().starts_with(text), "{result:?}");
}

/// nn2 is active, nn1 asked everybody.
fn waiting() -> Sim {
    let mut sim = Sim::standby();
    sim.on(ask(1)).does(["Graceful in 70000 ms", "read lock"]);
    sim.lock_data(Ok(Some(data("nn2"))));
    sim.does(["Graceful in 70000 ms", "cede ns1/nn3 10000", "CedePeers in 5000 ms"]);
    sim.ceded("nn3", Ok(())).does(["cede ns1/nn2 10000"]);
    sim.ceded("nn2", Ok(())).does([]).says("ns1/nn2 has ceded");
    sim.session(SessionEvent::LockDeleted).does(["create"]);
    sim.created(Ok(()));
    sim.crumb(Ok(None));
    sim.wrote(Ok(())).does(["to active"]);
    sim
}

#[test]
fn fc_076_fc_077_fc_080_others_cede_first_the_active_last_and_all_come_back() {
    let mut sim = waiting();
    sim.told(Ok(())).says("graceful failover done").is(ElectorState::Active);
    sim.does(["cede ns1/nn3 -1", "cede ns1/nn2 -1", "reply", "stat"]);
    assert_eq!(sim.replies, [(RequestNo(1), Ok(()))]);
    sim.ceded("nn3", Ok(())).does([]);
    assert!(sim.said.is_empty());
}

#[test]
fn fc_073_an_active_node_answers_at_once() {
    let mut sim = Sim::active();
    sim.on(ask(1));
    sim.lock_data(Ok(Some(data("nn1")))).does(["reply"]).says("active already");
    assert_eq!(sim.replies, [(RequestNo(1), Ok(()))]);
}

#[test]
fn fc_074_a_sick_node_or_an_observer_is_refused() {
    let mut sim = Sim::init();
    sim.on(ask(1));
    refused(&sim, "ServiceFailedException: ns1/nn1 is not healthy: it is INITIALIZING");
    let mut sim = Sim::standby();
    sim.on(Event::Reported(ServiceState::Observer));
    sim.on(ask(1));
    refused(&sim, "ServiceFailedException: ns1/nn1 is an observer");
    let mut sim = Sim::standby();
    sim.on(Event::Pause { caller: "root".to_owned() });
    sim.on(ask(1));
    refused(&sim, "ServiceFailedException: the controller of ns1/nn1 is paused");
}

#[test]
fn fc_075_without_an_active_there_is_nothing_to_fail_over_from() {
    let cases = [
        (Ok(None), "ServiceFailedException: no other node is active"),
        (Err(LockFault::ConnectionLoss), "IOException: cannot read the lock"),
        (Ok(Some(Bytes::from_static(b"\xff"))), "RuntimeException: the lock in ZooKeeper names"),
        (Ok(Some(data("nn9"))), "RuntimeException: the lock in ZooKeeper names"),
    ];
    for (lock, text) in cases {
        let mut sim = Sim::standby();
        sim.on(ask(1));
        sim.lock_data(lock).does(["reply"]);
        refused(&sim, text);
    }
}

#[test]
fn fc_078_the_actives_controller_must_cede() {
    let mut sim = Sim::standby();
    sim.on(ask(1));
    sim.lock_data(Ok(Some(data("nn2"))));
    sim.ceded("nn3", Ok(()));
    sim.ceded("nn2", Err(down())).does(["cede ns1/nn3 -1", "cede ns1/nn2 -1", "reply"]);
    refused(&sim, "ConnectException: the controller of the active ns1/nn2 did not cede: refused");
    sim.is(ElectorState::Standby);
}

#[test]
fn other_controllers_may_be_down_or_silent() {
    let mut sim = Sim::standby();
    sim.on(ask(1));
    sim.lock_data(Ok(Some(data("nn2"))));
    sim.ceded("nn3", Err(down())).does(["cede ns1/nn2 10000"]).says("going on without ns1/nn3");
    let mut sim = Sim::standby();
    sim.on(ask(1));
    sim.lock_data(Ok(Some(data("nn2"))));
    sim.rings(Timer::CedePeers, Duration::from_secs(5)).does(["cede ns1/nn2 10000"]);
    sim.says("no answer in time");
}

#[test]
fn fc_079_a_failed_activation_is_answered_with_its_cause() {
    let mut sim = waiting();
    sim.told(Err("disk full"));
    refused(&sim, "ServiceFailedException: ns1/nn1 could not become active: disk full");
}

#[test]
fn sickness_and_time_end_the_wait() {
    let mut sim = Sim::standby();
    sim.on(ask(1));
    sim.lock_data(Ok(Some(data("nn2"))));
    sim.on(Event::Health(Health::Unhealthy));
    refused(&sim, "ServiceFailedException: ns1/nn1 is not healthy: it is SERVICE_UNHEALTHY");
    let mut sim = Sim::standby();
    sim.on(ask(1));
    sim.lock_data(Ok(Some(data("nn2"))));
    sim.ceded("nn3", Ok(()));
    sim.ceded("nn2", Ok(()));
    sim.rings(Timer::Graceful, Duration::from_secs(70));
    refused(&sim, "ServiceFailedException: ns1/nn1 did not become active within 70 s");
}

#[test]
fn a_second_caller_gets_the_answer_of_the_first() {
    let mut sim = waiting();
    sim.on(ask(2)).does([]);
    sim.told(Ok(()));
    assert_eq!(sim.replies, [(RequestNo(1), Ok(())), (RequestNo(2), Ok(()))]);
}

#[test]
fn a_node_without_a_session_opens_one_and_its_own_ban_is_lifted() {
    let mut sim = Sim::standby();
    sim.on(Event::CedeActive { request: RequestNo(9), period_ms: 60_000, caller: "x".to_owned() });
    sim.told(Ok(()));
    sim.on(ask(1)).does(["Graceful in 70000 ms", "open 1"]);
    sim.opened(false).does(["read lock"]);
    sim.lock_data(Ok(Some(data("nn2"))));
    sim.ceded("nn3", Ok(())).does(["cede ns1/nn2 10000", "create"]);
}

#[test]
fn a_lost_session_is_not_waited_for_with_the_lock_unread() {
    let mut sim = Sim::standby();
    sim.on(ask(1));
    sim.session(SessionEvent::Expired).does(["close 0", "open 1"]);
    sim.opened(false).does(["read lock", "create"]);
    sim.session(SessionEvent::Expired);
    sim.not_opened();
    refused(&sim, "IOException: cannot read the lock in ZooKeeper");
}
