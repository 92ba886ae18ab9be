//! Random bytes and mutated packets of a real session, while a client that means it goes on
//! writing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

use super::random::Random;
use super::support::{ConfigDir, Node, RawConnection, requests};
use super::target::names;

/// Set it to run a failed test again.
const SEED_VARIABLE: &str = "JOURNALNODE_TEST_SEED";
const DEFAULT_SEED: u64 = 20_261_123;
const NOISE: Duration = Duration::from_secs(2);
/// How long to listen to what the server says of it.
const ATTENTION: Duration = Duration::from_millis(2);
const MAX_GROWTH_KIB: u64 = 96 << 10;

fn seed() -> u64 {
    std::env::var(SEED_VARIABLE).map_or(DEFAULT_SEED, |seed| seed.parse().unwrap())
}

/// Makes noise, each time anew, while the journal `healthy` is written; says the seed if that
/// goes wrong.
fn unimpressed(port: fn(&Node) -> SocketAddr, noise: impl Fn(&mut Random) -> Vec<u8>) {
    let seed = seed();
    let config = ConfigDir::new(&[]);
    let mut node = Node::start(config.command());
    let before_kib = node.resident_kib();
    let over = AtomicBool::new(false);
    let mut random = Random::new(seed);
    let (written, made) = thread::scope(|scope| {
        let writing = scope.spawn(|| write_until(&over, node.rpc));
        let made = make_noise(&mut random, port(&node), noise);
        over.store(true, Ordering::Relaxed);
        (writing.join(), made)
    });
    let again = format!("{SEED_VARIABLE}={seed}");
    let written = written.unwrap_or_else(|_| panic!("a client that means it failed: {again}"));
    assert!(written > 0 && made > 100, "{written} batches, {made} times noise");
    assert!(node.is_running(), "{again}");
    assert!(!node.log().contains("panicked"), "{again}\n{}", node.log());
    let grown_kib = node.resident_kib().saturating_sub(before_kib);
    assert!(grown_kib < MAX_GROWTH_KIB, "{grown_kib} KiB more: {again}");
    assert_eq!(names(config.path()), ["edits", "edits-index", "hdfs-site.xml"], "{again}");
}

fn write_until(over: &AtomicBool, address: SocketAddr) -> u64 {
    let mut connection = RawConnection::open(address);
    let info = |serial| requests::info("healthy", 1, serial);
    connection.call("format", &requests::format("healthy", false)).ok::<()>();
    connection.call("newEpoch", &requests::new_epoch("healthy", 1)).ok::<()>();
    connection.call("startLogSegment", &requests::start_segment(info(0), 1)).ok::<()>();
    let mut txid = 0;
    while !over.load(Ordering::Relaxed) {
        txid += 1;
        let batch = requests::journal(info(txid), 1, txid, 1);
        connection.call("journal", &batch).ok::<()>();
        thread::sleep(Duration::from_millis(1));
    }
    txid
}

fn make_noise(
    random: &mut Random,
    address: SocketAddr,
    noise: impl Fn(&mut Random) -> Vec<u8>,
) -> usize {
    let begin = Instant::now();
    let mut times = 0;
    while begin.elapsed() < NOISE {
        let bytes = noise(random);
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(ATTENTION)).unwrap();
        // It may hang up at any time.
        let _ = stream.write_all(&bytes);
        let _ = stream.read(&mut [0; 4096]);
        times += 1;
    }
    times
}

/// What a Java client sent, packet by packet.
fn golden() -> Vec<Vec<u8>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/paxos-session.txt");
    let text = fs::read_to_string(path).unwrap();
    let packets = text.lines().filter_map(|line| line.strip_prefix("C "));
    packets.map(|hex| unhex(hex.trim())).collect()
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn mutated_packets_of_a_java_client() {
    let packets = golden();
    unimpressed(
        |node| node.rpc,
        |random| {
            let mut session = packets.clone();
            for _ in 0..random.below(3) {
                let at = random.below(session.len());
                random.mutate(&mut session[at]);
            }
            session.truncate(1 + random.below(packets.len()));
            session.concat()
        },
    );
}

#[test]
fn random_bytes_on_the_rpc_port() {
    unimpressed(
        |node| node.rpc,
        |random| {
            let length = random.below(4096);
            let bytes = random.bytes(length);
            match random.below(3) {
                0 => bytes,
                1 => [b"hrpc\x09\x00\x00", &bytes[..]].concat(),
                _ => {
                    let frame = (bytes.len() as u32).to_be_bytes();
                    [b"hrpc\x09\x00\x00", &frame[..], &bytes[..]].concat()
                }
            }
        },
    );
}

const PAGES: [&str; 7] = [
    "/getJournal?jid=healthy&segmentTxId=1&storageInfo=-67%3A12345%3A0%3ACID-test&inProgressOk=true",
    "/jmx?qry=Hadoop:service=JournalNode,name=Journal-*",
    "/jmx?get=Hadoop:service=JournalNode,name=JournalNodeInfo::JournalsStatus",
    "/conf?name=dfs.journalnode.edits.dir",
    "/logLevel?log=org.apache.hadoop.hdfs.qjournal.server.Journal&level=INFO",
    "/stacks",
    "/../%2e%2e/static//dust-full-2.0.0.min.js?a=%zz&&=;",
];

#[test]
fn random_bytes_and_mutated_requests_on_the_http_port() {
    unimpressed(
        |node| node.http,
        |random| {
            let length = random.below(4096);
            if random.below(4) == 0 {
                return random.bytes(length);
            }
            let page = PAGES[random.below(PAGES.len())];
            let request =
                format!("GET {page} HTTP/1.1\r\nHost: j\r\nAccept: application/json\r\n\r\n");
            let mut request = request.into_bytes();
            for _ in 0..=random.below(3) {
                random.mutate(&mut request);
            }
            request
        },
    );
}
