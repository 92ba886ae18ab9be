use std::time::Duration;

use super::sim::{OTHER, Sim, US};
use crate::engine::{ElectorState, Event, LockFault, SessionEvent, SessionNo, Timer};
use crate::types::{Health, ServiceState};

const STATES: [fn() -> Sim; 4] = [Sim::init, Sim::standby, Sim::neutral, Sim::active];

fn loses<T>() -> Result<T, LockFault> {
    Err(LockFault::ConnectionLoss)
}

#[test]
fn fc_056_healthy_joins() {
    Sim::init().on(Event::Reported(ServiceState::Standby)).does([]);
    let mut sim = Sim::joining();
    sim.does(["create"]).says("joining the election").is(ElectorState::Init);
}

#[test]
fn fc_034_a_second_join_is_nothing() {
    for given in [Sim::standby, Sim::active] {
        let mut sim = given();
        let before = sim.state();
        sim.on(Event::CedeActive {
            request: crate::engine::RequestNo(1),
            period_ms: 0,
            caller: "x".to_owned(),
        });
        sim.does(["reply"]).says("in the election already").is(before);
    }
}

#[test]
fn fc_023_the_chain_of_an_activation() {
    let mut sim = Sim::joining();
    sim.created(Ok(())).does(["read crumb"]).says("took the lock");
    sim.crumb(Ok(None)).does(["write crumb"]).says("nobody to fence");
    sim.wrote(Ok(())).does(["to active"]).is(ElectorState::Init);
    sim.told(Ok(())).does(["stat"]).says("is active").is(ElectorState::Active);
    sim.owner(Ok(Some(US))).does([]).is(ElectorState::Active);
}

#[test]
fn fc_024_an_existing_lock_makes_standby() {
    let mut sim = Sim::joining();
    sim.created(Err(LockFault::NodeExists)).does(["to standby", "stat"]);
    sim.says("another node holds the lock").is(ElectorState::Standby);
    sim.told(Ok(())).says("the NameNode is standby");
    sim.owner(Ok(Some(OTHER))).does([]).is(ElectorState::Standby);
}

#[test]
fn fc_020_create_is_repeated_and_then_looked_at_later() {
    let mut sim = Sim::joining();
    for _ in 0..3 {
        sim.created(loses()).does(["create"]);
    }
    sim.created(loses()).does(["RetryLock in 1000 ms"]).says("cannot see who holds the lock");
    sim.rings(Timer::RetryLock, Duration::from_secs(1)).does(["stat"]);
    for _ in 0..3 {
        sim.owner(loses()).does(["stat"]);
    }
    sim.owner(loses()).does(["RetryLock in 2000 ms"]);
}

#[test]
fn fc_025_the_lock_of_a_lost_answer_is_ours() {
    let mut sim = Sim::joining();
    sim.created(loses());
    sim.created(Err(LockFault::NodeExists)).does(["stat"]).is(ElectorState::Init);
    sim.owner(Ok(Some(US))).does(["read crumb"]).says("the lock is ours");
}

#[test]
fn fc_026_after_a_lost_answer_another_may_have_it() {
    let mut sim = Sim::joining();
    sim.created(loses());
    sim.created(Err(LockFault::NodeExists));
    sim.owner(Ok(Some(OTHER))).does(["to standby"]).is(ElectorState::Standby);
}

#[test]
fn an_expired_answer_waits_for_the_session() {
    let mut sim = Sim::joining();
    sim.created(Err(LockFault::SessionExpired)).does([]);
    let mut sim = Sim::neutral();
    sim.session(SessionEvent::Connected).does(["stat"]);
    sim.owner(Err(LockFault::SessionExpired)).does([]).is(ElectorState::Neutral);
}

#[test]
fn fc_054_other_answers_end_the_process() {
    for fault in [LockFault::NoNode, LockFault::NoAuth, LockFault::Other("x".to_owned())] {
        let mut sim = Sim::joining();
        sim.created(Err(fault.clone())).does(["close 0", "exit 1"]).says("cannot go on");
        let mut sim = Sim::neutral();
        sim.session(SessionEvent::Connected);
        sim.owner(Err(fault)).does(["close 0", "exit 1"]);
        sim.on(Event::Tick).does([]);
    }
}

#[test]
fn the_owner_decides_in_every_state() {
    let mut sim = Sim::active();
    sim.session(SessionEvent::LockChanged).does(["stat"]);
    sim.owner(Ok(Some(US))).does([]).is(ElectorState::Active);
    sim.session(SessionEvent::LockChanged);
    sim.owner(Ok(Some(OTHER))).does(["to standby"]).is(ElectorState::Standby);
    let mut sim = Sim::active();
    sim.session(SessionEvent::LockChanged);
    sim.owner(Ok(None)).does(["create"]).is(ElectorState::Neutral);

    let mut sim = Sim::standby();
    sim.session(SessionEvent::LockChanged);
    sim.owner(Ok(Some(OTHER))).does([]).is(ElectorState::Standby);
    sim.session(SessionEvent::LockChanged);
    sim.owner(Ok(Some(US))).does(["read crumb"]);

    let mut sim = Sim::neutral();
    sim.session(SessionEvent::Connected);
    sim.owner(Ok(Some(OTHER))).does(["to standby"]).is(ElectorState::Standby);
}

#[test]
fn fc_027_a_missing_lock_is_created() {
    let mut sim = Sim::neutral();
    sim.session(SessionEvent::Connected);
    sim.owner(Ok(None)).does(["create"]).says("nobody holds the lock").is(ElectorState::Neutral);
}

#[test]
fn fc_028_disconnected_leaves_the_namenode_alone() {
    for given in STATES {
        let mut sim = given();
        let joined = sim.controller.status().in_election;
        sim.session(SessionEvent::Disconnected).does([]).is(ElectorState::Neutral);
        sim.session(SessionEvent::Connected);
        assert_eq!(sim.did, if joined { vec!["stat"] } else { vec![] });
    }
}

#[test]
fn fc_029_reconnected_as_owner_writes_and_tells_again() {
    let mut sim = Sim::active();
    sim.session(SessionEvent::Disconnected);
    sim.session(SessionEvent::Connected);
    sim.owner(Ok(Some(US))).does(["read crumb"]);
    sim.crumb(Ok(Some(super::sim::crumb(&super::sim::node("nn1"), 7)))).does(["write crumb 7"]);
    sim.wrote(Ok(())).does(["to active"]);
    sim.told(Ok(())).is(ElectorState::Active);
}

#[test]
fn fc_030_expired_opens_a_session_and_tells_the_namenode_nothing() {
    for given in [Sim::standby, Sim::neutral, Sim::active] {
        let mut sim = given();
        sim.session(SessionEvent::Expired).does(["close 0", "open 1"]).is(ElectorState::Neutral);
        sim.opened(false).does(["create"]);
    }
}

#[test]
fn fc_031_expired_before_the_first_join_stays_out() {
    let mut sim = Sim::init();
    sim.session(SessionEvent::Expired).does(["close 0"]).is(ElectorState::Neutral);
    sim.joins();
    sim.does(["open 1"]);
}

#[test]
fn fc_019_an_outage_is_waited_for_with_a_back_off() {
    let mut sim = Sim::active();
    sim.session(SessionEvent::Expired);
    for (seconds, session) in [(1, 2), (2, 3), (4, 4), (8, 5), (16, 6), (30, 7), (30, 8)] {
        sim.not_opened().does([&format!("Reopen in {seconds}000 ms")]);
        sim.says("out of the election, next try");
        sim.rings(Timer::Reopen, Duration::from_secs(seconds)).does([&format!("open {session}")]);
    }
    sim.opened(false).does(["create"]);
}

#[test]
fn fc_017_bad_credentials_end_the_process() {
    for given in STATES {
        given().session(SessionEvent::AuthFailed).does(["close 0", "exit 1"]);
    }
}

#[test]
fn fc_032_a_deleted_lock_is_raced_for_and_a_loser_is_not_told_again() {
    let mut sim = Sim::standby();
    sim.session(SessionEvent::LockDeleted).does(["create"]).is(ElectorState::Standby);
    sim.created(Err(LockFault::NodeExists)).does(["stat"]).is(ElectorState::Standby);
    let mut sim = Sim::active();
    sim.session(SessionEvent::LockDeleted).does(["create"]).is(ElectorState::Neutral);
}

#[test]
fn fc_033_changed_data_is_looked_at() {
    for given in [Sim::standby, Sim::neutral, Sim::active] {
        given().session(SessionEvent::LockChanged).does(["stat"]);
    }
}

#[test]
fn fc_022_what_belongs_to_an_old_session_is_dropped() {
    let mut sim = Sim::joining();
    sim.session(SessionEvent::Expired);
    sim.created(Ok(())).does([]).says("ignored a late answer");
    sim.on(Event::Session(SessionNo::FIRST, SessionEvent::LockDeleted)).does([]);
    sim.says("old session");
    let contact = sim.now;
    sim.on(Event::SessionOpened {
        session: SessionNo::FIRST,
        owner: US,
        timeout: Duration::from_secs(10),
        contact,
        resumed: false,
    });
    sim.does(["close 0"]);
}

#[test]
fn fc_037_quit_frees_the_lock_and_keeps_the_breadcrumb() {
    let mut sim = Sim::active();
    sim.on(Event::Health(Health::Unhealthy)).does(["dump stacks", "close 0"]);
    sim.says("the next active fences this node").is(ElectorState::Init);
}

#[test]
fn a_resumed_session_that_holds_the_lock_costs_no_failover() {
    let mut sim = Sim::init();
    sim.opened(true).says("resumed ZooKeeper session 0x1");
    sim.on(Event::Reported(ServiceState::Active));
    sim.on(Event::Health(Health::Healthy)).does(["stat"]);
    sim.owner(Ok(Some(US))).does(["read crumb"]);
    let mut sim = Sim::init();
    sim.opened(true);
    sim.joins();
    sim.owner(Ok(None)).does(["create"]);
}
