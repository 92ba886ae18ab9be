use std::time::Duration;

use super::sim::{Sim, crumb, node};
use crate::engine::{ElectorState, Event, LockFault, RequestNo, SessionEvent, Timer};
use crate::types::ActiveNode;

fn cede(period_ms: i32) -> Event {
    Event::CedeActive { request: RequestNo(1), period_ms, caller: "nn2".to_owned() }
}

fn ceding() -> Sim {
    let mut sim = Sim::active();
    sim.on(cede(10_000)).does(["to standby"]).says("nn2 asks this node to cede for 10000 ms");
    sim
}

#[test]
fn fc_035_fc_069_a_cede_deletes_the_breadcrumb_and_frees_the_lock() {
    let mut sim = ceding();
    sim.told(Ok(())).does(["read crumb"]).says("no need to fence this node");
    sim.crumb(Ok(Some(crumb(&node("nn1"), 3)))).does(["delete crumb 3"]);
    sim.deleted(Ok(())).does(["close 0", "Recheck in 10000 ms", "reply"]).is(ElectorState::Init);
    assert_eq!(sim.replies, [(RequestNo(1), Ok(()))]);
    sim.rings(Timer::Recheck, Duration::from_secs(10)).does(["open 1"]);
}

#[test]
fn fc_036_bytes_of_others_are_never_deleted() {
    let renamed = ActiveNode { hostname: "else".to_owned(), ..node("nn1") };
    for other in [node("nn2"), renamed] {
        let mut sim = ceding();
        sim.told(Ok(()));
        sim.crumb(Ok(Some(crumb(&other, 3)))).says("kept the breadcrumb");
        sim.does(["close 0", "Recheck in 10000 ms", "reply"]);
    }
}

#[test]
fn troubles_with_the_own_breadcrumb_only_keep_it() {
    for result in [Ok(None), Err(LockFault::ConnectionLoss)] {
        let mut sim = ceding();
        sim.told(Ok(()));
        sim.crumb(result).does(["close 0", "Recheck in 10000 ms", "reply"]);
    }
    let mut sim = ceding();
    sim.told(Ok(()));
    sim.crumb(Ok(Some(crumb(&node("nn1"), 3))));
    sim.deleted(Err(LockFault::BadVersion)).says("kept the breadcrumb");
    let mut sim = ceding();
    sim.told(Ok(()));
    sim.session(SessionEvent::Expired).says("kept the breadcrumb (the session is gone)");
    assert_eq!(sim.replies, [(RequestNo(1), Ok(()))]);
}

#[test]
fn fc_070_a_refused_standby_keeps_the_breadcrumb_and_cedes_all_the_same() {
    let mut sim = ceding();
    sim.told(Err("no")).does(["close 0", "Recheck in 10000 ms", "reply"]);
    sim.says("the next active fences this node");
    assert_eq!(sim.replies, [(RequestNo(1), Ok(()))]);
}

#[test]
fn a_standby_cedes_too() {
    let mut sim = Sim::standby();
    sim.on(cede(500)).does(["to standby"]);
    sim.told(Ok(())).does(["close 0", "Recheck in 500 ms", "reply"]);
}

#[test]
fn fc_071_fc_072_the_last_cede_counts() {
    let mut sim = Sim::standby();
    for period in [10_000, 500] {
        sim.on(cede(period));
        sim.told(Ok(()));
    }
    sim.does(["Recheck in 500 ms", "reply"]);
    sim.on(cede(-1)).does(["open 1", "reply"]).says("joining the election");
}
