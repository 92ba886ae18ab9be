use std::time::Duration;

use failover::namenode::{HealthMonitor, HealthReport, HealthSettings};
use failover::types::{Health, ServiceState};
use hadoop_ipc::call::class_name;
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::patience::soon;
use super::proxy::{Cut, Proxy};
use super::scripted::{Answer, Scripted, name_node};

/// Far longer than these tests take: what is noticed was not noticed by looking again.
const NEVER: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(20);
/// What counts as at once, on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(2);

struct Watched {
    reports: Receiver<HealthReport>,
    task: JoinHandle<()>,
}

impl Watched {
    fn start(address: std::net::SocketAddr, settings: HealthSettings) -> Self {
        let (monitor, reports) = HealthMonitor::new(name_node(address), settings);
        Self { reports, task: tokio::spawn(monitor.run()) }
    }

    async fn next(&mut self) -> HealthReport {
        soon(self.reports.recv()).await.expect("the monitor ended")
    }

    async fn next_change(&mut self) -> HealthReport {
        loop {
            let report = self.next().await;
            if report.changed {
                return report;
            }
        }
    }
}

fn lively() -> HealthSettings {
    HealthSettings {
        check_interval: SHORT,
        sleep_after_disconnect: SHORT,
        connect_retry_interval: SHORT,
        ..HealthSettings::default()
    }
}

/// Looks once, and then only when something happens.
fn sleepy() -> HealthSettings {
    HealthSettings { check_interval: NEVER, ..lively() }
}

#[tokio::test]
async fn fc_081_state_and_health_are_asked_in_turn_on_one_connection() {
    let server = Scripted::start(Answer::Well).await;
    let mut watched = Watched::start(server.address, lively());
    for _ in 0..3 {
        let report = watched.next().await;
        assert_eq!((report.health, report.state), (Health::Healthy, Some(ServiceState::Standby)));
        assert_eq!(report.not_ready_reason.as_deref(), Some("in safemode"));
    }
    let methods: Vec<String> = server.calls().into_iter().map(|(method, _)| method).collect();
    for pair in methods.chunks_exact(2) {
        assert_eq!(pair, ["getServiceStatus", "monitorHealth"]);
    }
    assert_eq!(server.metrics.snapshot().open_connections, 1);
}

#[tokio::test]
async fn fc_082_one_that_is_not_well_still_says_its_state() {
    let server = Scripted::start(Answer::Well).await;
    let mut watched = Watched::start(server.address, lively());
    watched.next().await;
    server.answer(Answer::Ill(class_name::HEALTH_CHECK_FAILED, "no space\n\tat Java"));
    let report = watched.next_change().await;
    assert_eq!((report.health, report.state), (Health::Unhealthy, Some(ServiceState::Standby)));
    assert_eq!(report.why, "HealthCheckFailedException: no space");
    // It stays in touch, as Java does.
    assert!(!watched.next().await.changed);
}

#[tokio::test]
async fn fc_083_and_084_other_answers_are_no_answer_until_it_is_well() {
    let server = Scripted::start(Answer::Throw(class_name::RETRIABLE, "starting")).await;
    let mut watched = Watched::start(server.address, lively());
    for class in [class_name::RETRIABLE, class_name::ACCESS_CONTROL, class_name::IO] {
        server.answer(Answer::Throw(class, "text"));
        let report = watched.next_change().await;
        assert_eq!((report.health, report.state), (Health::NotResponding, None), "{class}");
        server.answer(Answer::Well);
        assert_eq!(watched.next_change().await.health, Health::Healthy);
    }
    server.answer(Answer::Ill(class_name::SERVICE_FAILED, "not the one for health"));
    let report = watched.next_change().await;
    assert_eq!((report.health, report.state), (Health::NotResponding, None));
}

#[tokio::test]
async fn a_killed_one_is_noticed_without_looking_again() {
    let server = Scripted::start(Answer::Well).await;
    let mut watched = Watched::start(server.address, sleepy());
    watched.next().await;
    let killed = Instant::now();
    server.kill().await;
    let report = watched.next().await;
    assert!(killed.elapsed() < AT_ONCE, "{:?}", killed.elapsed());
    assert_eq!(report.health, Health::NotResponding);
    assert!(report.why.contains("the process is gone"), "{}", report.why);
    assert!(report.detected_after < AT_ONCE);
}

#[tokio::test]
async fn one_killed_under_a_call_is_noticed_at_once() {
    let server = Scripted::start(Answer::Well).await;
    let mut watched = Watched::start(server.address, lively());
    watched.next().await;
    server.answer(Answer::Hang);
    let seen = server.calls().len();
    soon(async {
        while server.calls().len() <= seen {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let killed = Instant::now();
    server.kill().await;
    let report = watched.next_change().await;
    assert!(killed.elapsed() < AT_ONCE, "{:?}", killed.elapsed());
    assert!(report.why.contains("the process is gone"), "{}", report.why);
}

#[tokio::test]
async fn fc_085_a_silent_one_has_the_whole_time_of_a_call_and_no_more() {
    let server = Scripted::start(Answer::Well).await;
    let limit = Duration::from_millis(400);
    let mut watched =
        Watched::start(server.address, HealthSettings { rpc_timeout: limit, ..lively() });
    watched.next().await;
    server.answer(Answer::Hang);
    let report = watched.next_change().await;
    assert_eq!(report.health, Health::NotResponding);
    assert!(report.detected_after >= limit, "{report:?}");
    assert!(report.detected_after < limit + AT_ONCE, "{report:?}");
    assert!(report.why.contains("no answer within 400ms"), "{}", report.why);
}

#[tokio::test]
async fn one_that_hangs_up_and_lives_on_stays_healthy() {
    let server = Scripted::start(Answer::Well).await;
    let proxy = Proxy::to(server.address).await;
    let mut watched = Watched::start(proxy.address, sleepy());
    watched.next().await;
    for cut in [Cut::EndOfStream, Cut::Reset] {
        let before = proxy.accepted();
        proxy.cut(cut);
        let report = watched.next().await;
        assert_eq!((report.health, report.changed), (Health::Healthy, false), "{cut:?}");
        // A bare connect, and the new connection.
        assert_eq!(proxy.accepted(), before + 2);
    }
}

#[tokio::test]
async fn a_reset_and_two_refusals_are_proof_too() {
    let server = Scripted::start(Answer::Well).await;
    let mut proxy = Proxy::to(server.address).await;
    let mut watched = Watched::start(proxy.address, sleepy());
    watched.next().await;
    proxy.refuse().await;
    proxy.cut(Cut::Reset);
    let report = watched.next().await;
    assert_eq!(report.health, Health::NotResponding);
    let confirmed = Duration::from_millis(200);
    assert!(report.detected_after >= confirmed, "{report:?}");
    assert!(report.detected_after < confirmed + AT_ONCE, "{report:?}");
}

#[tokio::test]
async fn fc_086_one_that_was_never_there_is_asked_for_twice_and_found_when_it_comes() {
    let gone = Scripted::start(Answer::Well).await.kill().await;
    let pause = Duration::from_millis(300);
    let settings = HealthSettings { connect_retry_interval: pause, ..lively() };
    let begun = Instant::now();
    let mut watched = Watched::start(gone, settings);
    let report = watched.next().await;
    assert_eq!((report.health, report.changed), (Health::NotResponding, true));
    assert!(begun.elapsed() >= pause);
    let _server = Scripted::start_at(gone, Answer::Well).await;
    assert_eq!(watched.next().await.health, Health::Healthy);
}

#[tokio::test]
async fn the_monitor_ends_with_its_reader() {
    let server = Scripted::start(Answer::Well).await;
    let mut watched = Watched::start(server.address, sleepy());
    watched.next().await;
    drop(watched.reports);
    soon(watched.task).await.unwrap();
}
