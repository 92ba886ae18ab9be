use std::time::Duration;

use bytes::Bytes;

use super::sim::{Sim, crumb, node};
use crate::engine::{Breadcrumb, ElectorState, FenceOutcome, LockFault, Timer};
use crate::types::{ActiveNode, ServiceState};

const SECOND: Duration = Duration::from_secs(1);

fn fails(why: &str) -> FenceOutcome {
    FenceOutcome::Failed(why.to_owned())
}

/// Fencing is tried once more.
fn fences_again(sim: &mut Sim, wait: Duration) {
    sim.rings(Timer::Rejoin, wait);
    sim.opened(false).does(["create"]);
    sim.created(Ok(()));
    sim.crumb(Ok(Some(crumb(&node("nn2"), 4))));
}

#[test]
fn fc_038_the_own_breadcrumb_needs_no_fencing_whatever_its_bytes() {
    let renamed = ActiveNode { hostname: "other.example.com".to_owned(), ..node("nn1") };
    for (own, text) in [(node("nn1"), "names this node:"), (renamed, "by other bytes")] {
        let mut sim = Sim::joining();
        sim.created(Ok(()));
        sim.crumb(Ok(Some(crumb(&own, 3)))).does(["write crumb 3"]).says(text);
    }
}

#[test]
fn fc_039_a_foreign_breadcrumb_is_fenced_and_replaced_by_its_version() {
    let mut sim = Sim::fencing();
    sim.says("the breadcrumb names ns1/nn2 at nn2.example.com:8020: fencing it before");
    sim.fenced(FenceOutcome::Fenced { by: "sshfence".to_owned() }).does(["write crumb 4"]);
    sim.says("fenced ns1/nn2 at nn2.example.com:8020 by sshfence");
    sim.wrote(Ok(())).does(["to active"]);
}

#[test]
fn an_old_active_that_is_standby_or_observer_needs_no_force() {
    for state in [ServiceState::Standby, ServiceState::Observer] {
        let mut sim = Sim::fencing();
        sim.fenced(FenceOutcome::Harmless(state)).does(["write crumb 4"]).says("no need to fence");
    }
}

#[test]
fn fc_042_failed_fencing_frees_the_lock_and_is_tried_again() {
    let mut sim = Sim::fencing();
    sim.fenced(fails("no route")).does(["close 0", "Rejoin in 1000 ms"]);
    sim.says("could not fence ns1/nn2 at nn2.example.com:8020 (attempt 1): no route");
    fences_again(&mut sim, SECOND);
    sim.does(["fence ns1/nn2"]);
}

#[test]
fn a_dead_host_is_said_to_be_stuck_once() {
    let mut sim = Sim::fencing();
    for attempt in 1..=5 {
        sim.fenced(fails("no route"));
        let stuck = sim.said.iter().filter(|line| line.contains("FAILOVER STUCK for 2000 ms"));
        assert_eq!(stuck.count(), usize::from(attempt == 3), "{:?}", sim.said);
        fences_again(&mut sim, SECOND);
    }
    let stuck = sim.controller.status().stuck.unwrap();
    assert_eq!((stuck.attempts, stuck.alarm, stuck.stuck_for.as_secs()), (5, true, 5));
    sim.fenced(FenceOutcome::Fenced { by: "x".to_owned() });
    assert_eq!(sim.controller.status().stuck, None);
}

#[test]
fn a_starting_old_active_is_not_forced_before_it_had_its_time() {
    let mut sim = Sim::fencing();
    sim.fenced(FenceOutcome::StillStarting).does(["close 0", "Rejoin in 1000 ms"]);
    sim.says("no force for another 60000 ms");
    fences_again(&mut sim, SECOND);
    sim.does(["fence ns1/nn2"]);
    sim.fenced(FenceOutcome::StillStarting).says("no force for another 59000 ms");
    fences_again(&mut sim, Duration::from_secs(60));
    sim.does(["fence ns1/nn2 by force"]);
}

#[test]
fn a_breadcrumb_that_fits_nothing_says_what_and_backs_off() {
    let junk = Breadcrumb { data: Bytes::from_static(b"\xff"), version: 1 };
    let gone = crumb(&node("nn9"), 1);
    for (breadcrumb, text) in
        [(junk, "these bytes name no NameNode"), (gone, "names ns1/nn9 at nn9.example.com:8020")]
    {
        let mut sim = Sim::joining();
        for seconds in [1, 2, 4, 8, 16, 30, 30] {
            sim.created(Ok(()));
            sim.crumb(Ok(Some(breadcrumb.clone()))).says(text).says("confirm-fenced");
            assert_eq!(sim.did[1], format!("Rejoin in {seconds}000 ms"));
            sim.rings(Timer::Rejoin, Duration::from_secs(seconds));
            sim.opened(false);
        }
    }
    let mut sim = Sim::fencing();
    sim.fenced(FenceOutcome::Mismatched("10.0.0.2 is configured, 10.0.0.3 is there".to_owned()));
    sim.says("10.0.0.2 is configured, 10.0.0.3 is there").does(["close 0", "Rejoin in 1000 ms"]);
}

#[test]
fn breadcrumb_calls_are_repeated_after_lost_connections_only() {
    let mut sim = Sim::joining();
    sim.created(Ok(()));
    for _ in 0..3 {
        sim.crumb(Err(LockFault::ConnectionLoss)).does(["read crumb"]);
    }
    sim.crumb(Err(LockFault::ConnectionLoss)).does(["close 0", "Rejoin in 1000 ms"]);
    for fault in [LockFault::NodeExists, LockFault::BadVersion, LockFault::SessionExpired] {
        let mut sim = Sim::joining();
        sim.created(Ok(()));
        sim.crumb(Ok(None));
        sim.wrote(Err(fault)).does(["close 0", "Rejoin in 1000 ms"]);
        sim.says("cannot read or write the breadcrumb");
    }
}

#[test]
fn fc_040_fc_041_a_failed_activation_frees_the_lock_and_tells_standby() {
    let mut sim = Sim::promoting();
    sim.told(Err("safe mode")).does(["close 0", "Rejoin in 1000 ms", "to standby"]);
    sim.says("did not become active: safe mode").is(ElectorState::Init);
    sim.told(Ok(())).does([]);
    sim.rings(Timer::Rejoin, SECOND).does(["open 1"]);
}

#[test]
fn what_comes_during_an_activation_waits_in_order() {
    use crate::engine::{Event, RequestNo};
    use crate::types::Health;
    let mut sim = Sim::promoting();
    sim.on(Event::CedeActive { request: RequestNo(1), period_ms: 500, caller: "nn2".to_owned() });
    sim.does([]);
    sim.on(Event::Health(Health::Unhealthy)).does(["dump stacks"]);
    sim.told(Ok(())).does(["stat", "to standby"]).says("asks this node to cede");
    sim.told(Ok(())).does(["read crumb"]);
    sim.crumb(Ok(Some(crumb(&node("nn1"), 0)))).does(["delete crumb 0"]);
    sim.deleted(Ok(()));
    sim.does(["close 0", "Recheck in 500 ms", "reply", "Recheck in 500 ms"]);
}
