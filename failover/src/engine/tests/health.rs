use std::time::Duration;

use super::sim::{Sim, US};
use crate::engine::{ElectorState, Event, LockFault, Timer};
use crate::types::{Health, ServiceState};

fn report(state: ServiceState) -> Event {
    Event::Reported(state)
}

#[test]
fn fc_057_bad_health_quits_with_fencing() {
    for health in [Health::Unhealthy, Health::NotResponding] {
        for given in [Sim::standby, Sim::active, Sim::joining, Sim::neutral] {
            let mut sim = given();
            sim.on(Event::Health(health)).does(["dump stacks", "close 0"]).is(ElectorState::Init);
            sim.says(&format!("leaving the election: the NameNode is {health}; the next active"));
            let state = sim.controller.status().service_state;
            assert_eq!(state, ServiceState::Initializing);
        }
    }
}

#[test]
fn fc_084_recovery_joins_again() {
    let mut sim = Sim::active();
    sim.on(Event::Health(Health::NotResponding));
    sim.on(report(ServiceState::Standby)).does([]);
    sim.on(Event::Health(Health::Healthy)).does(["open 1"]);
}

#[test]
fn bad_health_ends_the_wait_for_the_next_attempt() {
    let mut sim = Sim::promoting();
    sim.told(Err("x"));
    sim.told(Ok(()));
    sim.on(Event::Health(Health::Unhealthy)).does(["dump stacks"]);
    sim.rings(Timer::Rejoin, Duration::from_secs(1)).does([]);
}

#[test]
fn a_node_joins_only_when_its_state_is_known() {
    let mut sim = Sim::init();
    sim.on(Event::Health(Health::Healthy)).does([]).says("not joining before the NameNode has");
    sim.on(report(ServiceState::Standby)).does(["create"]);
}

#[test]
fn an_observer_never_joins() {
    let mut sim = Sim::init();
    sim.on(report(ServiceState::Observer)).does(["close 0"]);
    sim.on(Event::Health(Health::Healthy)).does([]).says("an observer does not join");
    sim.on(report(ServiceState::Observer)).does([]);
    assert!(sim.said.is_empty(), "{:?}", sim.said);
}

#[test]
fn fc_060_an_observer_leaves_and_stays_out() {
    for given in [Sim::standby, Sim::active] {
        let mut sim = given();
        sim.on(report(ServiceState::Observer)).does(["close 0"]).says("is an observer");
        sim.on(report(ServiceState::Observer)).does([]);
        assert_eq!(sim.controller.status().service_state, ServiceState::Observer);
    }
}

#[test]
fn fc_060_an_observer_that_won_the_lock_fences_nobody() {
    let mut sim = Sim::joining();
    sim.created(Ok(())).does(["read crumb"]);
    sim.on(report(ServiceState::Observer)).does(["close 0"]).says("is an observer");
    let mut sim = Sim::fencing();
    sim.on(report(ServiceState::Observer)).does(["abort fence", "close 0"]);
    assert_eq!(sim.controller.status().service_state, ServiceState::Observer);
}

#[test]
fn fc_061_an_observer_that_becomes_standby_joins_again() {
    let mut sim = Sim::standby();
    sim.on(report(ServiceState::Observer));
    sim.on(report(ServiceState::Standby)).does([]).says("looking once more");
    sim.on(report(ServiceState::Standby)).does([]);
    sim.on(report(ServiceState::Standby)).does(["Recheck in 1000 ms"]);
    sim.rings(Timer::Recheck, Duration::from_secs(1)).does(["open 1"]);
}

#[test]
fn fc_062_two_mismatches_quit_and_join_again() {
    let mut sim = Sim::active();
    sim.on(report(ServiceState::Standby)).does([]).says("is standby, expected active");
    sim.on(report(ServiceState::Standby)).does(["close 0"]).says("somebody else told it to");
    sim.on(report(ServiceState::Standby)).does(["Recheck in 1000 ms"]);
    sim.says("not joining the election for another 1000 ms");
    sim.rings(Timer::Recheck, Duration::from_secs(1)).does(["open 1"]);
}

#[test]
fn fc_063_one_mismatch_is_tolerated() {
    let mut sim = Sim::active();
    for _ in 0..3 {
        sim.on(report(ServiceState::Standby)).does([]);
        sim.on(report(ServiceState::Active)).does([]);
    }
    sim.is(ElectorState::Active);
}

#[test]
fn fc_065_a_refused_standby_is_only_said() {
    let mut sim = Sim::joining();
    sim.created(Err(LockFault::NodeExists));
    sim.told(Err("not now")).does([]).says("did not confirm that it is standby: not now");
    assert_eq!(sim.controller.status().service_state, ServiceState::Standby);
}

#[test]
fn what_a_namenode_says_while_it_changes_does_not_count() {
    let mut sim = Sim::promoting();
    for _ in 0..3 {
        sim.on(report(ServiceState::Standby)).does([]);
    }
    sim.told(Ok(())).is(ElectorState::Active);
    sim.owner(Ok(Some(US))).does([]);
}

#[test]
fn without_a_health_monitor_the_process_ends() {
    let mut sim = Sim::active();
    sim.on(Event::HealthMonitorFailed("it panicked".to_owned())).does(["close 0", "exit 1"]);
}

#[test]
fn a_report_during_a_demotion_is_enough_to_join_after_it() {
    let mut sim = Sim::promoting();
    sim.told(Err("x")).does(["close 0", "Rejoin in 1000 ms", "to standby"]);
    sim.on(Event::Health(Health::NotResponding));
    sim.on(report(ServiceState::Standby)).does([]);
    sim.on(Event::Health(Health::Healthy)).does([]);
    sim.told(Ok(())).does([]).says("not joining before");
    sim.on(report(ServiceState::Standby)).does(["open 1"]);
}
