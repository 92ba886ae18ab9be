//! The rest of the elector's table: each answer and each word of a session, in each state.

use super::sim::{OTHER, Sim, US};
use crate::engine::{ElectorState, Event, LockFault, SessionEvent};
use crate::types::{Health, ServiceState};

type Given = fn() -> Sim;

/// The lock is gone, and asked for: from STANDBY, NEUTRAL and ACTIVE.
fn racing() -> [(Sim, ElectorState); 3] {
    let mut standby = Sim::standby();
    standby.session(SessionEvent::LockDeleted).does(["create"]);
    let mut neutral = Sim::neutral();
    neutral.session(SessionEvent::Connected);
    neutral.owner(Ok(None)).does(["create"]);
    let mut active = Sim::active();
    active.session(SessionEvent::LockDeleted).does(["create"]);
    use ElectorState::{Neutral, Standby};
    [(standby, Standby), (neutral, Neutral), (active, Neutral)]
}

/// The lock is looked at: from STANDBY, NEUTRAL and ACTIVE.
fn looking() -> [Sim; 3] {
    let mut neutral = Sim::neutral();
    neutral.session(SessionEvent::Connected).does(["stat"]);
    let look = |given: Given| {
        let mut sim = given();
        sim.session(SessionEvent::LockChanged).does(["stat"]);
        sim
    };
    [look(Sim::standby), neutral, look(Sim::active)]
}

#[test]
fn fc_032_who_wins_the_race_activates_from_every_state() {
    for (mut sim, state) in racing() {
        sim.is(state).created(Ok(())).does(["read crumb"]).says("took the lock").is(state);
    }
}

#[test]
fn fc_032_who_loses_the_race_is_standby_and_told_so_once() {
    for (mut sim, state) in racing() {
        sim.created(Err(LockFault::NodeExists)).is(ElectorState::Standby);
        match state {
            ElectorState::Standby => sim.does(["stat"]),
            _ => sim.does(["to standby", "stat"]),
        };
    }
}

#[test]
fn fc_025_a_second_try_that_finds_a_lock_asks_whose_it_is() {
    for (mut sim, state) in racing() {
        sim.created(Err(LockFault::ConnectionLoss)).does(["create"]).is(state);
        sim.created(Err(LockFault::NodeExists)).does(["stat"]).is(state);
        sim.owner(Ok(Some(US))).does(["read crumb"]).is(state);
    }
}

#[test]
fn fc_054_a_race_that_cannot_be_run_ends_the_process_in_every_state() {
    for fault in [LockFault::NoNode, LockFault::NoAuth, LockFault::Other("x".to_owned())] {
        for (mut sim, _) in racing() {
            sim.created(Err(fault.clone())).does(["close 0", "exit 1"]);
        }
        for mut sim in looking() {
            sim.owner(Err(fault.clone())).does(["close 0", "exit 1"]);
        }
    }
}

#[test]
fn an_expired_answer_waits_for_the_session_in_every_state() {
    for (mut sim, state) in racing() {
        sim.created(Err(LockFault::SessionExpired)).does([]).is(state);
    }
    for mut sim in looking() {
        let state = sim.state();
        sim.owner(Err(LockFault::SessionExpired)).does([]).is(state);
    }
}

#[test]
fn fc_020_a_look_without_an_answer_is_repeated_in_every_state() {
    for mut sim in looking() {
        let state = sim.state();
        sim.owner(Err(LockFault::ConnectionLoss)).does(["stat"]).is(state);
    }
}

#[test]
fn fc_027_a_missing_lock_makes_neutral_in_every_state() {
    for mut sim in looking() {
        sim.owner(Ok(None)).does(["create"]).is(ElectorState::Neutral);
    }
}

#[test]
fn a_look_during_a_look_is_not_sent_twice() {
    for mut sim in looking() {
        sim.session(SessionEvent::LockChanged).does([]);
        sim.owner(Ok(Some(OTHER))).is(ElectorState::Standby);
    }
}

#[test]
fn fc_034_a_healthy_word_after_the_join_is_nothing() {
    for given in [Sim::joining, Sim::standby, Sim::neutral, Sim::active] {
        let mut sim = given();
        let state = sim.state();
        sim.on(Event::Health(Health::Healthy)).does([]).is(state);
    }
}

#[test]
fn a_monitor_that_starts_over_leaves_the_election() {
    for given in [Sim::joining, Sim::standby, Sim::neutral, Sim::active] {
        let mut sim = given();
        sim.on(Event::Health(Health::Initializing)).is(ElectorState::Init);
        assert!(!sim.controller.status().in_election);
        assert_eq!(sim.controller.status().service_state, ServiceState::Initializing);
    }
}

#[test]
fn without_a_health_monitor_the_process_ends_in_every_state() {
    for given in [Sim::init, Sim::joining, Sim::standby, Sim::neutral, Sim::active] {
        let mut sim = given();
        sim.on(Event::HealthMonitorFailed("x".to_owned())).does(["close 0", "exit 1"]);
    }
}

#[test]
fn a_report_that_fits_is_nothing_and_one_that_does_not_is_tolerated_once() {
    for (given, told, other) in [
        (Sim::standby as Given, ServiceState::Standby, ServiceState::Active),
        (Sim::neutral, ServiceState::Standby, ServiceState::Active),
        (Sim::active, ServiceState::Active, ServiceState::Initializing),
    ] {
        let mut sim = given();
        let state = sim.state();
        sim.on(Event::Reported(told)).does([]).is(state);
        sim.on(Event::Reported(other)).does([]).is(state);
        sim.on(Event::Reported(told)).does([]).is(state);
        sim.on(Event::Reported(other)).does([]).is(state);
        sim.on(Event::Reported(other)).does(["close 0"]).is(ElectorState::Init);
    }
}
