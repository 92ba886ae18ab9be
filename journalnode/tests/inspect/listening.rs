use std::net::{TcpListener, TcpStream};

use journalnode::inspect::InspectClient;

use super::inspected_node::{InspectedNode, host_port, soon};
use super::support::{ConfigDir, Node};

const ADDRESS: &str = "dfs.journalnode.inspect-address";

fn metric(node: &Node) -> Option<String> {
    use std::io::{Read, Write};
    let mut stream = TcpStream::connect(node.http).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    let line = page.lines().find(|line| line.starts_with("journalnode_inspect_listening "))?;
    Some(line.to_owned())
}

#[test]
fn it_listens_and_says_so() {
    let config = ConfigDir::new(&[]);
    let node = Node::start(config.command());
    assert!(node.inspect.unwrap().ip().is_loopback());
    assert_eq!(metric(&node).as_deref(), Some("journalnode_inspect_listening 1"));
    assert!(!node.log().contains("open to everybody"), "{}", node.log());
}

#[test]
fn turned_off_it_is_not_missed() {
    let config = ConfigDir::new(&[(ADDRESS, "off")]);
    let node = Node::start(config.command());
    assert_eq!((node.inspect, metric(&node)), (None, None));
    assert!(node.log().contains("no inspection service"), "{}", node.log());
    assert!(!node.log().contains("ERROR"), "{}", node.log());
}

#[test]
fn a_taken_port_is_an_error_line_and_all_else_is_served() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = ConfigDir::new(&[(ADDRESS, &taken.local_addr().unwrap().to_string())]);
    let node = Node::start(config.command());
    assert_eq!(metric(&node).as_deref(), Some("journalnode_inspect_listening 0"));
    let log = node.log();
    let line = log.lines().find(|line| line.contains("ERROR")).unwrap();
    assert!(line.contains("no inspection service, all else is served"), "{line}");
    assert!(line.contains(ADDRESS) && line.contains("ss -ltnp"), "{line}");
    TcpStream::connect(node.rpc).unwrap();
}

#[test]
fn an_address_that_anybody_reaches_is_warned_of() {
    let config = ConfigDir::new(&[(ADDRESS, "0.0.0.0:0")]);
    let node = Node::start(config.command());
    let log = node.log();
    let line = log.lines().find(|line| line.contains("open to everybody")).unwrap();
    assert!(line.contains("WARN") && line.contains("tls.certificate"), "{line}");
}

#[tokio::test]
async fn silent_callers_take_no_place_from_the_others() {
    let inspected = InspectedNode::start(&[]);
    // As many as may be connected at a time, and none of them says a word.
    let silent: Vec<_> =
        (0..31).map(|_| TcpStream::connect(inspected.address()).unwrap()).collect();
    let mut client = soon(inspected.client()).await;
    client.status().await.unwrap();
    // One too many is closed, and the place is free again when another goes.
    let extra: Vec<_> = (0..4).map(|_| TcpStream::connect(inspected.address()).unwrap()).collect();
    client.status().await.unwrap();
    drop((silent, extra));
    soon(async {
        let node = host_port(inspected.address());
        loop {
            let again = InspectClient::connect(&node, None).await;
            let Ok(mut again) = again else { continue };
            if again.status().await.is_ok() {
                return;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_no_grpc_is_hung_up_on() {
    use std::io::{Read, Write};
    let inspected = InspectedNode::start(&[]);
    let mut stream = TcpStream::connect(inspected.address()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut rest = Vec::new();
    // Closed, with or without a reset.
    let _ = stream.read_to_end(&mut rest);
    inspected.status().await;
}

#[tokio::test]
async fn a_request_that_is_too_long_is_refused_and_harms_nobody() {
    let inspected = InspectedNode::start(&[]);
    let mut client = inspected.client().await;
    let request = hadoop_proto::inspect::v1::TailRequest {
        journal: "j".repeat(100_000),
        ..Default::default()
    };
    let refused = client.tail(request).await.unwrap_err().to_string();
    assert!(refused.contains("message length too large"), "{refused}");
    assert!(client.status().await.is_ok());
}
