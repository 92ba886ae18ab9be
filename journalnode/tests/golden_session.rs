//! A session that a Java client had with Java's JournalNode, replayed against ours: every
//! answer, and the directory that is left, must be the same bytes.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hadoop_ipc::conf::{Configuration, Environment, GenericOptions};
use journalnode::daemon::{Daemon, Exit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// A fresh segment is padded up to this.
const PADDED_BYTES: usize = 1 << 20;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The directory that Java had afterwards.
fn accepted() -> PathBuf {
    golden().join("accepted/current")
}

fn configuration(edits: &Path) -> Configuration {
    let set = |key: &str, value: &str| vec!["-D".to_owned(), format!("{key}={value}")];
    let options = [
        set("dfs.journalnode.edits.dir", edits.to_str().unwrap()),
        set("dfs.journalnode.index.dir", "off"),
        set("dfs.journalnode.rpc-address", "127.0.0.1:0"),
        set("dfs.journalnode.http-address", "127.0.0.1:0"),
        set("dfs.journalnode.inspect-address", "off"),
    ];
    GenericOptions::parse(options.concat()).unwrap().load(Environment::empty()).unwrap()
}

/// The recorded packets: who sent them (`C` or `S`), and the bytes.
fn packets() -> Vec<(char, Vec<u8>)> {
    let text = fs::read_to_string(golden().join("paxos-session.txt")).unwrap();
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    let packets = lines.filter(|(side, _)| matches!(*side, "C" | "S"));
    packets.map(|(side, hex)| (side.chars().next().unwrap(), unhex(hex))).collect()
}

fn unhex(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.trim().chars().map(|digit| digit.to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn assert_same_directory(ours: &Path) {
    for name in [
        "committed-txid",
        "last-promised-epoch",
        "last-writer-epoch",
        "paxos/4",
        "edits_0000000000000000001-0000000000000000003",
    ] {
        let (expected, found) = (fs::read(accepted().join(name)), fs::read(ours.join(name)));
        assert_eq!(found.unwrap(), expected.unwrap(), "{name}");
    }
    let in_progress = "edits_inprogress_0000000000000000004";
    let mut expected = fs::read(accepted().join(format!("{in_progress}.padded"))).unwrap();
    expected.resize(PADDED_BYTES, 0xff);
    assert!(fs::read(ours.join(in_progress)).unwrap() == expected, "{in_progress}");
    assert_eq!(version(&ours.join("VERSION")), version(&accepted().join("VERSION")));
}

/// All lines but the first, which is the date.
fn version(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

/// JN-001, JN-019, JN-053, JN-059, JN-062, JN-067, JN-073, JN-077, JN-085, JN-086, JN-088,
/// JN-114 in one.
#[tokio::test(flavor = "multi_thread")]
async fn a_java_session_gets_the_same_answers_and_leaves_the_same_files() {
    let edits = tempfile::tempdir().unwrap();
    let daemon = Daemon::start(configuration(edits.path()), Arc::default()).await.unwrap();
    let mut connection = TcpStream::connect(daemon.rpc_address()).await.unwrap();
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(daemon.serve(async { stopped.await.unwrap_or(Exit::Terminated) }));

    for (index, (side, bytes)) in packets().into_iter().enumerate() {
        if side == 'C' {
            connection.write_all(&bytes).await.unwrap();
        } else {
            let mut answer = vec![0; bytes.len()];
            connection.read_exact(&mut answer).await.unwrap();
            assert_eq!(answer, bytes, "packet {index}");
        }
    }
    assert_same_directory(&edits.path().join("paxosj/current"));

    stop.send(Exit::Terminated).unwrap();
    assert_eq!(serving.await.unwrap(), Exit::Terminated);
    assert!(!edits.path().join("paxosj/in_use.lock").exists(), "JN-116: the lock was left");
}
