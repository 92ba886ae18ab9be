use std::net::SocketAddr;
use std::time::Duration;

use failover::namenode::{CallOptions, FaultKind, NameNode};
use failover::types::NameNodeId;
use hadoop_ipc::call::class_name;
use hadoop_ipc::client::{HowClosed, Target};
use hadoop_ipc::net::listen;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::patience::soon;
use super::proxy::{Cut, Proxy};
use super::scripted::{Answer, Scripted, name_node, target};

const LIMIT: Duration = Duration::from_secs(10);

#[tokio::test]
async fn fc_064_transitions_are_javas_bytes() {
    let server = Scripted::start(Answer::Well).await;
    let namenode = name_node(server.address);
    namenode.transition_to_active(LIMIT).await.unwrap();
    namenode.transition_to_standby(LIMIT).await.unwrap();
    namenode.transition_to_observer(LIMIT).await.unwrap();
    let calls = server.calls();
    let methods = calls.iter().map(|(method, _)| method.as_str());
    assert_eq!(
        methods.collect::<Vec<_>>(),
        ["transitionToActive", "transitionToStandby", "transitionToObserver"]
    );
    assert!(calls.iter().all(|(_, request)| request[..] == [0x0a, 0x02, 0x08, 0x02]));
}

#[tokio::test]
async fn what_a_namenode_throws_is_told_apart() {
    let server = Scripted::start(Answer::Well).await;
    let namenode = name_node(server.address);
    let cases = [
        (class_name::SERVICE_FAILED, FaultKind::ServiceFailed),
        (class_name::ACCESS_CONTROL, FaultKind::AccessDenied),
        (class_name::RETRIABLE, FaultKind::NotStartedYet),
    ];
    for (class, kind) in cases {
        server.answer(Answer::Throw(class, "first\nsecond"));
        let fault = namenode.transition_to_standby(LIMIT).await.unwrap_err();
        assert_eq!(fault.kind, kind);
        assert!(fault.message.ends_with(": first"), "{}", fault.message);
    }
}

#[tokio::test]
async fn fc_087_a_refused_connect_is_tried_as_often_as_said() {
    let gone = Scripted::start(Answer::Well).await.kill().await;
    let pause = Duration::from_millis(150);
    let options = CallOptions { connect_retry_interval: pause, ..CallOptions::new(None) };
    let id = NameNodeId::new("ns1", "nn1");
    let begun = Instant::now();
    let once = NameNode::new(id.clone(), target(gone), &options.clone().without_retries());
    assert_eq!(once.transition_to_standby(LIMIT).await.unwrap_err().kind, FaultKind::Refused);
    assert!(begun.elapsed() < pause);
    let begun = Instant::now();
    let twice = NameNode::new(id.clone(), target(gone), &options);
    assert_eq!(twice.transition_to_standby(LIMIT).await.unwrap_err().kind, FaultKind::Refused);
    assert!(begun.elapsed() >= pause);
    // The second try would come after the limit.
    let begun = Instant::now();
    let late = twice.transition_to_standby(pause / 2).await.unwrap_err();
    assert_eq!(late.kind, FaultKind::Refused);
    assert!(begun.elapsed() < pause);
}

#[tokio::test]
async fn a_full_listen_queue_is_bounded_by_the_call() {
    let full = listen(SocketAddr::from(([127, 0, 0, 1], 0)), 1, true).unwrap();
    let address = full.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
    }
    let limit = Duration::from_millis(300);
    let begun = Instant::now();
    let fault = soon(name_node(address).monitor_health(limit)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::TimedOut, "{fault}");
    assert!(begun.elapsed() >= limit && begun.elapsed() < limit * 5, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_name_without_an_address_is_said_so() {
    let options = CallOptions::new(None);
    let nowhere = Target::new("no-such-host.invalid", 8020);
    let namenode = NameNode::new(NameNodeId::new("ns1", "nn1"), nowhere, &options);
    let fault = soon(namenode.get_service_status(LIMIT)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unresolved);
    assert!(fault.message.contains("no-such-host.invalid has no address"), "{fault}");
}

#[tokio::test]
async fn a_call_that_was_sent_is_never_sent_again() {
    let server = Scripted::start(Answer::Hang).await;
    let proxy = Proxy::to(server.address).await;
    let options = CallOptions { connect_retries: 5, ..CallOptions::new(None) };
    let id = NameNodeId::new("ns1", "nn1");
    let namenode = NameNode::new(id, target(proxy.address), &options);
    let cut = async {
        while server.calls().is_empty() {
            tokio::task::yield_now().await;
        }
        proxy.cut(Cut::Reset);
    };
    let (fault, ()) = soon(async { tokio::join!(namenode.transition_to_active(LIMIT), cut) }).await;
    let fault = fault.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Broken(HowClosed::Reset));
    assert!(fault.may_have_happened());
    assert_eq!(server.calls().len(), 1);
}
