//! One of the two processes is killed at some moment of a hand-over under load. The moments are
//! spread over what an undisturbed one takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use hadoop_proto::qjournal::PrepareRecoveryResponseProto;
use rustix::process::{Pid, Signal, kill_process};

use super::support::{ConfigDir, Node, RawConnection, is_running, requests};
use super::writing::{J, Writing};

/// At so many moments of a hand-over.
const MOMENTS: u32 = 16;
const PATIENCE: Duration = Duration::from_secs(20);
/// So many answers show that a writer is served.
const ANSWERS: u64 = 5;

/// A writer that goes on until its connection fails, and is never refused.
struct Load {
    config: ConfigDir,
    node: Node,
    acknowledged: Arc<AtomicU64>,
    writing: Option<JoinHandle<()>>,
    processes: Vec<Pid>,
}

impl Drop for Load {
    fn drop(&mut self) {
        self.end_all();
    }
}

impl Load {
    fn begin() -> Self {
        let config = ConfigDir::new(&[]);
        let node = Node::start(config.command());
        let mut writing = Writing::begin(&node);
        let acknowledged = Arc::new(AtomicU64::new(writing.last));
        let writing = thread::spawn({
            let acknowledged = Arc::clone(&acknowledged);
            move || {
                while writing.try_write().is_ok() {
                    acknowledged.store(writing.last, SeqCst);
                }
            }
        });
        let processes = vec![node.pid()];
        Self { config, node, acknowledged, writing: Some(writing), processes }
    }

    /// Asks for a hand-over; the process that is to go on.
    fn ask(&mut self) -> Pid {
        self.node.signal(Signal::USR2);
        let said = self.node.line_with("starting process ");
        let (_, pid) = said.split_once("process ").unwrap();
        let (pid, _) = pid.split_once(' ').unwrap();
        let pid = Pid::from_raw(pid.parse().unwrap()).unwrap();
        self.processes.push(pid);
        pid
    }

    /// The last moment is behind the hand-over, however long this one takes.
    fn await_moment(&self, moment: u32, usual: Duration) {
        if moment + 1 < MOMENTS {
            thread::sleep(usual * moment / (MOMENTS - 2));
        } else {
            self.await_line("handed over to process ");
        }
    }

    fn await_line(&self, text: &str) {
        self.wait_until(|| self.node.log().contains(text));
    }

    /// Kills one, and waits until its end has had its effect. Whether the writer is served still.
    fn outlives(&self, victim: Pid) -> bool {
        let _ = kill_process(victim, Signal::KILL);
        self.wait_until(|| !is_running(victim));
        let enough = self.acknowledged.load(SeqCst) + ANSWERS;
        self.wait_until(|| self.is_over() || self.acknowledged.load(SeqCst) >= enough);
        !self.is_over()
    }

    fn is_over(&self) -> bool {
        self.writing.as_ref().is_none_or(JoinHandle::is_finished)
    }

    fn wait_until(&self, is_so: impl Fn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so() {
            assert!(Instant::now() < deadline, "neither served nor ended:\n{}", self.node.log());
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Insists that whoever starts next has all that was acknowledged, and serves a new writer.
    fn loses_nothing(mut self) {
        let processes = self.processes.clone();
        self.end_all();
        self.wait_until(|| !processes.iter().any(|pid| is_running(*pid)));
        self.writing.take().unwrap().join().unwrap();
        let acknowledged = self.acknowledged.load(SeqCst);
        let path = self.config.current(J).join("edits_inprogress_0000000000000000001");
        let bytes = std::fs::read(path).unwrap();
        let records = requests::records(1, acknowledged as u32);
        assert!(bytes[8..].starts_with(&records), "{acknowledged} transactions were acknowledged");

        let next = Node::start(self.config.command());
        let mut connection = RawConnection::open(next.rpc);
        connection.call("newEpoch", &requests::new_epoch(J, 2)).ok::<()>();
        let prepare = requests::prepare(requests::info(J, 2, 1), 1);
        let found: PrepareRecoveryResponseProto = connection.call("prepareRecovery", &prepare).ok();
        let last = found.segment_state.unwrap().end_tx_id;
        assert!(
            [acknowledged, acknowledged + 1].contains(&last),
            "{last} instead of {acknowledged}, or the one under way"
        );
    }

    fn end_all(&mut self) {
        for pid in self.processes.drain(..) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

/// From the start of the new process until the old one says that it serves.
fn usual() -> Duration {
    let mut load = Load::begin();
    load.ask();
    let started = Instant::now();
    load.node.line_with("handed over to process ");
    started.elapsed()
}

#[test]
fn a_new_process_that_is_killed_loses_nothing_and_the_old_one_goes_on_if_it_still_may() {
    let usual = usual();
    let mut went_on = 0;
    for moment in 0..MOMENTS {
        let mut load = Load::begin();
        let new = load.ask();
        load.await_moment(moment, usual);
        if load.outlives(new) {
            load.await_line("not handed over, this process goes on");
            went_on += 1;
        } else {
            // Only one that was given everything takes the service with it.
            load.await_line("handed over to process ");
        }
        load.loses_nothing();
    }
    println!("the old process went on {went_on} times of {MOMENTS}");
    assert!(went_on > 0, "the first moment is before anything was handed over");
}

#[test]
fn an_old_process_that_is_killed_loses_nothing_whether_or_not_the_new_one_goes_on() {
    let usual = usual();
    let mut went_on = 0;
    for moment in 0..MOMENTS {
        let mut load = Load::begin();
        let old = load.node.pid();
        let new = load.ask();
        load.await_moment(moment, usual);
        if load.outlives(old) {
            assert!(is_running(new), "somebody else answers");
            went_on += 1;
        } else {
            // A successor that was not given everything leaves the directory alone.
            load.wait_until(|| !is_running(new));
        }
        load.loses_nothing();
    }
    println!("the new process went on {went_on} times of {MOMENTS}");
    assert!(went_on > 0, "the last moment is after everything was handed over");
}
