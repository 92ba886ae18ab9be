//! JN-148: `kill -9` loses nothing that was acknowledged. JN-115: a directory has one owner.

use std::thread;
use std::time::Duration;

use hadoop_proto::qjournal::{NewEpochResponseProto, PrepareRecoveryResponseProto};
use rustix::process::Signal;

use super::support::{ConfigDir, Node, RawConnection, Reply, requests};

/// Writes one transaction after the other until the connection breaks; the last one that was
/// acknowledged.
fn write_until_killed(mut connection: RawConnection, epoch: u64, first: u64) -> u64 {
    let body = |serial, txid| {
        let request = requests::journal(requests::info("j", epoch, serial), first, txid, 1);
        prost::Message::encode_to_vec(&request)
    };
    let mut acknowledged = 0;
    for (serial, txid) in (1..).zip(first..) {
        let sent = connection.send(super::support::Q_JOURNAL, "journal", &body(serial, txid));
        match sent.and_then(|()| connection.reply()) {
            Ok(Reply::Success(_)) => acknowledged = txid,
            // It is shutting down.
            Ok(Reply::Exception { .. }) => break,
            Err(_) => break,
        }
    }
    acknowledged
}

fn start_writing(node: &Node, epoch: u64, first: u64) -> RawConnection {
    let mut connection = RawConnection::open(node.rpc);
    let start = requests::start_segment(requests::info("j", epoch, 0), first);
    connection.call("startLogSegment", &start).ok::<()>();
    connection
}

#[test]
fn every_acknowledged_transaction_outlives_any_end() {
    let config = ConfigDir::new(&[]);
    let mut node = Node::start(config.command());
    let mut connection = RawConnection::open(node.rpc);
    connection.call("format", &requests::format("j", false)).ok::<()>();
    let mut first = 1;
    for (epoch, end) in (1..).zip([Signal::KILL, Signal::TERM, Signal::KILL, Signal::INT]) {
        let begun = connection.call("newEpoch", &requests::new_epoch("j", epoch));
        begun.ok::<NewEpochResponseProto>();
        let writer = start_writing(&node, epoch, first);
        let writing = thread::spawn(move || write_until_killed(writer, epoch, first));
        thread::sleep(Duration::from_millis(100));
        node.signal(end);
        node.wait();
        let acknowledged = writing.join().unwrap();
        assert!(acknowledged >= first, "nothing was written before the kill");

        node = Node::start(config.command());
        connection = RawConnection::open(node.rpc);
        let found = last_in_progress(&mut connection, epoch, first);
        assert!((acknowledged..=acknowledged + 1).contains(&found), "{acknowledged} {found}");
        let finalize = requests::finalize(requests::info("j", epoch, 101), first, found);
        connection.call("finalizeLogSegment", &finalize).ok::<()>();
        first = found + 1;
    }
}

/// What the next writer is told: JN-059 (the promise survived), JN-085.
fn last_in_progress(connection: &mut RawConnection, epoch: u64, segment: u64) -> u64 {
    let again = connection.call("newEpoch", &requests::new_epoch("j", epoch)).refused();
    assert!(again.1.contains("<= last promise"), "{again:?}");
    let prepare = requests::prepare(requests::info("j", epoch, 100), segment);
    let prepared: PrepareRecoveryResponseProto = connection.call("prepareRecovery", &prepare).ok();
    assert_eq!(prepared.last_writer_epoch, epoch);
    prepared.segment_state.unwrap().end_tx_id
}

/// JN-115, JN-044
#[test]
fn a_second_process_is_kept_out_of_journals_in_use_and_of_nothing_else() {
    let config = ConfigDir::new(&[]);
    let first = Node::start(config.command());
    RawConnection::open(first.rpc).call("format", &requests::format("j", false)).ok::<()>();

    let second = Node::start(config.command());
    let mut connection = RawConnection::open(second.rpc);
    for _ in 0..2 {
        let (class, message) =
            connection.call("getJournalState", &requests::journal_state("j")).refused();
        assert_eq!(class, "java.io.IOException");
        assert!(message.contains("Cannot lock storage"), "{message}");
        assert!(message.contains(&first.pid().to_string()), "says who: {message}");
    }
    connection.call("format", &requests::format("other", false)).ok::<()>();

    assert_eq!(first.stop(Signal::TERM).status, Some(143));
    let state = connection.call("getJournalState", &requests::journal_state("j"));
    assert!(matches!(state, Reply::Success(_)), "JN-044: {state:?}");
}
