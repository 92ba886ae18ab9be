use super::*;

fn watch() -> HealthWatch {
    HealthWatch::new(HealthSettings::default())
}

/// One that was healthy a moment ago.
fn healthy() -> HealthWatch {
    let mut watch = watch();
    watch.step(Seen::Passed);
    watch
}

fn failed(how: Failure) -> Seen {
    Seen::Failed(how, "why".to_owned())
}

fn disconnected(how: HowClosed) -> Seen {
    Seen::Disconnected(how, "why".to_owned())
}

fn health(next: &Next) -> Option<(Health, bool)> {
    next.settled.as_ref().map(|settled| (settled.health, settled.changed))
}

const SECOND: Duration = Duration::from_secs(1);
const GONE: Option<(Health, bool)> = Some((Health::NotResponding, true));

#[test]
fn fc_081_an_answer_is_followed_by_a_pause() {
    let mut watch = watch();
    let first = watch.step(Seen::Passed);
    assert_eq!(health(&first), Some((Health::Healthy, true)));
    let second = watch.step(Seen::Passed);
    assert_eq!(health(&second), Some((Health::Healthy, false)));
    assert_eq!(second.then, Then::Look(SECOND));
}

#[test]
fn fc_082_not_well_is_an_answer() {
    let mut watch = healthy();
    let next = watch.step(Seen::Unhealthy("disk".to_owned()));
    assert_eq!(health(&next), Some((Health::Unhealthy, true)));
    assert_eq!(next.settled.unwrap().why, "disk");
}

#[test]
fn fc_083_no_answer_is_not_responding_at_once() {
    assert_eq!(health(&healthy().step(failed(Failure::Other))), GONE);
    assert_eq!(health(&watch().step(failed(Failure::Other))), GONE);
}

#[test]
fn fc_084_it_recovers_with_the_next_answer() {
    let mut watch = healthy();
    watch.step(failed(Failure::Other));
    assert_eq!(health(&watch.step(Seen::Passed)), Some((Health::Healthy, true)));
}

#[test]
fn fc_086_a_refusal_that_nothing_explains_is_asked_for_twice() {
    for mut watch in [watch(), healthy()] {
        let first = watch.step(failed(Failure::Refused));
        assert_eq!((first.settled, first.then), (None, Then::Look(SECOND)));
        assert_eq!(health(&watch.step(failed(Failure::Refused))), GONE);
        let again = watch.step(failed(Failure::Refused));
        assert_eq!(health(&again), Some((Health::NotResponding, false)));
    }
}

#[test]
fn an_end_of_stream_and_a_refusal_are_proof() {
    for broken in [disconnected(HowClosed::HungUp), failed(Failure::Broken(HowClosed::HungUp))] {
        let mut watch = healthy();
        let next = watch.step(broken);
        assert_eq!((next.settled, next.then), (None, Then::Probe(Duration::ZERO)));
        let next = watch.step(Seen::Probed(Probe::Refused));
        assert_eq!(health(&next), GONE);
        assert!(next.settled.unwrap().why.contains("the process is gone"));
    }
}

#[test]
fn a_reset_needs_a_second_refusal() {
    let mut watch = healthy();
    watch.step(disconnected(HowClosed::Reset));
    let next = watch.step(Seen::Probed(Probe::Refused));
    assert_eq!((next.settled, next.then), (None, Then::Probe(PAUSE_AFTER_RESET)));
    assert_eq!(health(&watch.step(Seen::Probed(Probe::Refused))), GONE);
}

#[test]
fn a_firewall_that_lets_through_again_changes_nothing() {
    let mut watch = healthy();
    watch.step(disconnected(HowClosed::Reset));
    watch.step(Seen::Probed(Probe::Refused));
    let next = watch.step(Seen::Probed(Probe::Accepted));
    assert_eq!((next.settled, next.then), (None, Then::Look(Duration::ZERO)));
    assert_eq!(health(&watch.step(Seen::Passed)), Some((Health::Healthy, false)));
}

#[test]
fn a_server_that_hangs_up_and_lives_on_stays_healthy() {
    let mut watch = healthy();
    watch.step(disconnected(HowClosed::HungUp));
    let next = watch.step(Seen::Probed(Probe::Accepted));
    assert_eq!((next.settled, next.then), (None, Then::Look(Duration::ZERO)));
    assert_eq!(health(&watch.step(Seen::Passed)), Some((Health::Healthy, false)));
}

#[test]
fn a_dying_process_may_accept_once_more() {
    let mut watch = healthy();
    watch.step(disconnected(HowClosed::HungUp));
    watch.step(Seen::Probed(Probe::Accepted));
    let next = watch.step(failed(Failure::Broken(HowClosed::Reset)));
    assert_eq!((next.settled, next.then), (None, Then::Probe(Duration::ZERO)));
    watch.step(Seen::Probed(Probe::Refused));
    assert_eq!(health(&watch.step(Seen::Probed(Probe::Refused))), GONE);
}

#[test]
fn a_server_that_only_breaks_connections_is_not_responding() {
    let mut watch = healthy();
    for _ in 0..MAX_BREAKS {
        let next = watch.step(failed(Failure::Broken(HowClosed::Reset)));
        assert_eq!(next.settled, None);
        watch.step(Seen::Probed(Probe::Accepted));
    }
    assert_eq!(health(&watch.step(failed(Failure::Broken(HowClosed::Reset)))), GONE);
}

#[test]
fn a_full_listen_queue_is_no_proof() {
    // The connect is dropped: the look that follows has the limit of a call.
    let mut watch = healthy();
    watch.step(disconnected(HowClosed::HungUp));
    let next = watch.step(Seen::Probed(Probe::Unclear));
    assert_eq!((next.settled, next.then), (None, Then::Look(Duration::ZERO)));
}

#[test]
fn an_unused_connection_that_this_side_closes_is_no_sign() {
    let next = healthy().step(disconnected(HowClosed::Here));
    assert_eq!((next.settled, next.then), (None, Then::Look(Duration::ZERO)));
}

#[test]
fn one_that_never_answered_gets_no_second_chance() {
    let next = watch().step(failed(Failure::Broken(HowClosed::HungUp)));
    assert_eq!(health(&next), GONE);
    assert_eq!(next.then, Then::Look(SECOND));
}
