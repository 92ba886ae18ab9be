use std::time::Duration;

use super::sim::{OTHER, Sim, US, crumb, node};
use crate::engine::{
    ElectorState, Event, Evidence, EvidencePolicy, FenceOutcome, LockFault, RequestNo,
    SessionEvent, Timer,
};
use crate::types::{Health, NameNodeId, ServiceState};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[test]
fn no_breadcrumb_without_a_lease() {
    let mut sim = Sim::fencing();
    sim.is_cut_off(seconds(9));
    sim.fenced(FenceOutcome::Fenced { by: "x".to_owned() }).does(["stat"]);
    sim.says("ZooKeeper has not confirmed the session for too long").is(ElectorState::Neutral);
    sim.contact();
    sim.owner(Ok(Some(US))).does(["read crumb"]);
}

#[test]
fn no_promotion_without_a_lease() {
    let mut sim = Sim::joining();
    sim.created(Ok(()));
    sim.crumb(Ok(None)).does(["write crumb"]);
    sim.is_cut_off(seconds(9));
    sim.wrote(Ok(())).does(["stat"]).is(ElectorState::Neutral);
}

#[test]
fn long_fencing_keeps_the_lease_while_the_ensemble_answers() {
    let mut sim = Sim::fencing();
    sim.passes(seconds(60));
    sim.fenced(FenceOutcome::Fenced { by: "x".to_owned() }).does(["write crumb 4"]);
}

#[test]
fn a_lease_that_ends_while_promoting_is_undone_at_once() {
    let mut sim = Sim::promoting();
    sim.is_cut_off(seconds(9));
    sim.told(Ok(())).does(["to standby", "stat"]).says("the lock was lost while");
    sim.is(ElectorState::Neutral);
}

#[test]
fn a_session_that_ends_while_promoting_is_undone_at_once() {
    let mut sim = Sim::promoting();
    sim.session(SessionEvent::Expired).does(["close 0", "open 1"]);
    sim.opened(false).does(["create"]);
    sim.created(Err(LockFault::NodeExists)).does([]);
    sim.answer_active(Ok(())).does(["to standby", "stat"]);
    sim.told(Ok(()));
    sim.does(["to standby"]).is(ElectorState::Standby);
}

#[test]
fn a_session_that_ends_while_fencing_ends_the_fencing() {
    let mut sim = Sim::fencing();
    sim.session(SessionEvent::Expired).does(["close 0", "abort fence", "open 1"]);
    sim.says("gave up fencing ns1/nn2");
    sim.fenced(FenceOutcome::Fenced { by: "x".to_owned() }).does([]).says("late answer");
}

#[test]
fn a_stalled_process_is_neutral_before_anything_else() {
    for given in [Sim::standby, Sim::active] {
        let mut sim = given();
        sim.now = sim.now.after(seconds(3));
        sim.on(Event::Tick).does([]);
        sim.now = sim.now.after(seconds(4));
        sim.on(Event::Reported(ServiceState::Active)).does(["stat"]);
        sim.says("stood still for 4000 ms").is(ElectorState::Neutral);
        sim.owner(Ok(Some(OTHER))).does(["to standby"]);
    }
    let mut sim = Sim::fencing();
    sim.now = sim.now.after(seconds(4));
    sim.fenced(FenceOutcome::Fenced { by: "x".to_owned() }).does(["abort fence", "stat"]);
}

#[test]
fn a_lock_found_elsewhere_after_promotion_tells_standby() {
    let mut sim = Sim::promoting();
    sim.told(Ok(())).does(["stat"]);
    sim.owner(Ok(Some(OTHER))).does(["to standby"]).is(ElectorState::Standby);
}

#[test]
fn a_person_can_vouch_for_a_failed_and_for_a_running_fencing() {
    let confirm = |node: &str| Event::ConfirmFenced {
        request: RequestNo(7),
        node: NameNodeId::new("ns1", node),
        caller: "root".to_owned(),
    };
    let mut sim = Sim::fencing();
    sim.on(confirm("nn3"));
    let text = "nothing waits for ns1/nn3 to be fenced; it is ns1/nn2 that is waited for";
    assert!(sim.replies[0].1.as_ref().unwrap_err().contains(text), "{:?}", sim.replies);
    sim.on(confirm("nn2")).does(["abort fence", "write crumb 4", "reply"]).says("root vouches");
    assert!(!sim.said.iter().any(|line| line.contains("gave up")), "{:?}", sim.said);

    let mut sim = Sim::fencing();
    sim.fenced(FenceOutcome::Failed("x".to_owned()));
    sim.on(confirm("nn2")).does(["open 1", "reply"]);
    sim.opened(false);
    sim.created(Ok(()));
    sim.crumb(Ok(Some(crumb(&node("nn2"), 4)))).does(["write crumb 4"]);
}

#[test]
fn a_word_for_one_breadcrumb_does_not_serve_for_the_next() {
    let mut sim = Sim::fencing();
    sim.fenced(FenceOutcome::Failed("x".to_owned()));
    sim.on(Event::ConfirmFenced {
        request: RequestNo(7),
        node: NameNodeId::new("ns1", "nn2"),
        caller: "root".to_owned(),
    });
    sim.opened(false);
    sim.created(Ok(()));
    sim.crumb(Ok(Some(crumb(&node("nn2"), 6)))).does(["fence ns1/nn2"]);
}

fn fencing_with(policy: Option<u64>) -> Sim {
    let mut settings = Sim::settings();
    settings.evidence = policy.map(|s| EvidencePolicy { silent_for: seconds(s) });
    let mut sim = Sim::with(settings);
    sim.joins();
    sim.created(Ok(()));
    sim.crumb(Ok(Some(crumb(&node("nn2"), 4))));
    sim
}

fn evidence(promised_epoch: i64, silent: u64) -> FenceOutcome {
    let silent_for = seconds(silent);
    FenceOutcome::Evident(Evidence { silent_for, written_epoch: 5, promised_epoch })
}

#[test]
fn evidence_counts_only_with_the_policy_a_higher_epoch_and_long_silence() {
    let on = |policy: Option<u64>, promised_epoch, silent: u64| {
        let mut sim = fencing_with(policy);
        sim.fenced(evidence(promised_epoch, silent));
        sim
    };
    let given_up = ["close 0", "Rejoin in 1000 ms"];
    on(None, 6, 99).does(given_up).says("the policy is off");
    on(Some(30), 5, 99).does(given_up).says("it may write with 5");
    on(Some(30), 6, 29).does(given_up).says("has been silent for 29 s of 30 s");
    on(Some(30), 6, 30).does(["write crumb 4"]).says("may serve stale reads");
    on(Some(30), 6, 30).says("by evidence: its host has been silent for 30 s");
}

#[test]
fn evidence_that_comes_without_a_lease_is_not_used() {
    let mut sim = fencing_with(Some(30));
    sim.is_cut_off(seconds(9));
    sim.fenced(evidence(6, 30)).does(["stat"]).is(ElectorState::Neutral);
}

#[test]
fn evidence_that_comes_too_late_is_not_used() {
    let mut sim = fencing_with(Some(30));
    sim.session(SessionEvent::Expired).does(["close 0", "abort fence", "open 1"]);
    sim.fenced(evidence(6, 30)).does([]).says("late answer");
}

#[test]
fn a_flapping_node_lets_others_go_first_but_not_for_ever() {
    let mut sim = Sim::init();
    sim.joins();
    for _ in 0..4 {
        sim.activates();
        sim.on(Event::Health(Health::Unhealthy));
        sim.on(Event::Health(Health::Healthy));
        sim.opened(false);
    }
    sim.does(["FlapGuard in 5000 ms"]).says("became active 4 times of late");
    sim.rings(Timer::FlapGuard, seconds(5)).does(["create"]);
    sim.activates();
    sim.session(SessionEvent::LockDeleted).does(["FlapGuard in 10000 ms"]);
    sim.passes(seconds(600)).session(SessionEvent::LockDeleted);
    sim.on(Event::Timer(Timer::FlapGuard)).does(["create"]);
    sim.created(Ok(()));
    assert_eq!(sim.controller.status().recent_activations, 0);
}

#[test]
fn a_paused_node_neither_joins_nor_leaves() {
    let pause = || Event::Pause { caller: "root".to_owned() };
    let mut sim = Sim::active();
    sim.on(pause()).does([]).says("paused by root");
    sim.on(Event::Health(Health::Unhealthy)).does(["dump stacks"]).is(ElectorState::Active);
    sim.on(Event::Resume { caller: "root".to_owned() }).does(["close 0"]);

    let mut sim = Sim::standby();
    sim.on(pause());
    sim.session(SessionEvent::LockDeleted).does([]).says("paused: does not act on it");
    sim.on(Event::Resume { caller: "root".to_owned() }).does(["stat"]);
    sim.owner(Ok(None)).does(["create"]);
}

#[test]
fn a_session_that_was_opened_before_a_stall_gives_no_lease() {
    let mut sim = Sim::joining();
    sim.session(SessionEvent::Expired);
    let contact = sim.now;
    sim.now = sim.now.after(seconds(9));
    sim.on(Event::SessionOpened {
        session: crate::engine::SessionNo(1),
        owner: US,
        timeout: seconds(10),
        contact,
        resumed: false,
    });
    sim.created(Ok(()));
    sim.crumb(Ok(None)).does(["stat"]).says("has not confirmed the session");
}

#[test]
fn a_word_of_the_future_does_not_lengthen_the_lease() {
    let mut sim = Sim::joining();
    let at = sim.now.after(seconds(100));
    sim.on(Event::Contact { session: crate::engine::SessionNo::FIRST, at });
    sim.created(Ok(()));
    sim.is_cut_off(seconds(9));
    sim.crumb(Ok(None)).does(["stat"]);
}
