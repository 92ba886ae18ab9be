use std::time::Duration;

use super::sim::{Sim, crumb, node};
use crate::engine::{ElectorState, Event, Stop, Timer};

#[test]
fn a_stop_of_the_active_hands_over_at_once() {
    let mut sim = Sim::active();
    sim.on(Event::Stop(Stop::HandOver)).does(["Stop in 4000 ms", "to standby"]);
    sim.says("stopping: handing over");
    sim.told(Ok(())).does(["read crumb"]);
    sim.crumb(Ok(Some(crumb(&node("nn1"), 0)))).does(["delete crumb 0"]);
    sim.deleted(Ok(())).does(["close 0", "exit 0"]);
}

#[test]
fn fc_055_a_stop_without_confirmation_keeps_the_breadcrumb() {
    let mut sim = Sim::active();
    sim.on(Event::Stop(Stop::HandOver));
    sim.told(Err("hangs")).does(["close 0", "exit 0"]);
    let mut sim = Sim::active();
    sim.on(Event::Stop(Stop::HandOver));
    sim.rings(Timer::Stop, Duration::from_secs(4)).does(["close 0", "exit 0"]);
    sim.says("without having handed over");
}

#[test]
fn a_stop_ends_fencing_and_waits_for_a_promotion() {
    let mut sim = Sim::fencing();
    sim.on(Event::Stop(Stop::HandOver));
    sim.does(["Stop in 4000 ms", "abort fence", "close 0", "exit 0"]);
    let mut sim = Sim::promoting();
    sim.on(Event::Stop(Stop::HandOver)).does(["Stop in 4000 ms"]);
    sim.told(Ok(())).does(["stat", "to standby"]);
}

#[test]
fn a_standby_stops_at_once() {
    let mut sim = Sim::standby();
    sim.on(Event::Stop(Stop::HandOver)).does(["Stop in 4000 ms", "close 0", "exit 0"]);
}

#[test]
fn a_detached_session_is_left_alone() {
    let mut sim = Sim::active();
    sim.on(Event::Stop(Stop::Detach)).does(["Stop in 4000 ms", "detach 0", "exit 0"]);
    sim.says("the ZooKeeper session stays").is(ElectorState::Active);
}
