use std::fmt::Debug;

use super::action::{Action, Turn, WRITERS};
use super::oracle::Oracle;
use crate::engine::fixture::{Directory, Sim, Step, batch, namespace, not_found};
use crate::engine::{self, Decision, Facts, Failure, Refusal, RequestInfo, State};
use crate::types::{Epoch, LayoutVersion, SegmentFile, SegmentState, TxId};

/// One node and its competing writers.
pub(super) struct World {
    sim: Sim,
    oracle: Oracle,
    writers: [Writer; WRITERS],
    /// The one that was promised last.
    latest: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Writer {
    epoch: Epoch,
    serial: i64,
}

impl World {
    pub(super) fn new() -> Self {
        let (sim, oracle) = (Sim::new(Directory::formatted()), Oracle::default());
        Self { sim, oracle, writers: [Writer::default(); WRITERS], latest: 0 }
    }

    /// Plays a turn, checks everything, and tells whether the request succeeded.
    pub(super) fn play(&mut self, turn: &Turn) -> bool {
        match turn.action {
            Action::NewEpoch { above } => self.new_epoch(turn, above),
            Action::Start { off } => self.start(turn, off),
            Action::Append { off, count } => self.append(turn, off, count),
            Action::Finalize { off } => self.finalize(turn, off),
            Action::Prepare => self.prepare(turn),
            Action::Accept { off, peer_answers } => self.accept(turn, off, peer_answers),
            Action::Purge { behind } => self.purge(turn, behind),
            Action::Heartbeat => {
                let info = self.info(turn);
                let beat = |state: &State, _: &Facts| engine::heartbeat(state, &info);
                self.ask(turn, info.epoch, beat).is_ok()
            }
        }
    }

    fn new_epoch(&mut self, turn: &Turn, above: i64) -> bool {
        let epoch = Epoch(self.sim.directory.promised.0 + above);
        let request = engine::NewEpoch { namespace: namespace(), epoch };
        let promised = self.sim.directory.promised;
        let answer =
            self.ask(turn, epoch, |state, facts| engine::new_epoch(state, facts, &request));
        assert!(epoch > promised || answer.is_err(), "promised {epoch} after {promised}");
        if answer.is_ok() {
            self.latest = turn.writer.unwrap_or(self.latest);
            self.writers[self.latest] = Writer { epoch, serial: 0 };
        }
        answer.is_ok()
    }

    fn start(&mut self, turn: &Turn, off: i64) -> bool {
        let (info, layout_version) = (self.info(turn), LayoutVersion::CURRENT);
        let txid = TxId((self.end().0 + 1 + off).max(1));
        let request = engine::StartLogSegment { info, txid, layout_version };
        self.ask(turn, info.epoch, |state, facts| engine::start_log_segment(state, facts, &request))
            .is_ok()
    }

    fn append(&mut self, turn: &Turn, off: i64, count: i64) -> bool {
        let info = self.info(turn);
        let segment = self.sim.state.open.map_or(TxId(1), |open| open.first);
        let next = self.sim.state.open.map_or(TxId(1), |open| open.next_txid());
        let first = next.0 + off;
        let request = batch(info, segment.0, first, first + count - 1);
        let writer = self.sim.state.last_writer_epoch;
        let answer = self.ask(turn, info.epoch, |state, _| engine::journal(state, &request));
        if answer.is_ok() {
            assert_eq!(info.epoch, writer, "appended by another than the writer");
            assert_eq!(off, 0, "appended with a gap");
            self.oracle.acknowledge(&request, self.sim.state.committed_txid);
        }
        answer.is_ok()
    }

    fn finalize(&mut self, turn: &Turn, off: i64) -> bool {
        let (info, start) = (self.info(turn), self.newest());
        let end = TxId(self.end_of(start).0 + off);
        let request = engine::FinalizeLogSegment { info, start, end };
        let answer = self.ask(turn, info.epoch, |state, facts| {
            engine::finalize_log_segment(state, facts, &request)
        });
        let finalized = SegmentFile::finalized(start, end);
        assert!(answer.is_err() || self.sim.directory.edits.contains_key(&finalized));
        answer.is_ok()
    }

    fn prepare(&mut self, turn: &Turn) -> bool {
        let (info, segment) = (self.info(turn), self.newest());
        let request = engine::PrepareRecovery { info, segment };
        let answer = self
            .ask(turn, info.epoch, |state, facts| engine::prepare_recovery(state, facts, &request));
        if let Ok(prepared) = &answer {
            let end = prepared.segment.map(|segment| segment.end);
            let held = self.sim.directory.edits.range(SegmentFile::in_progress(segment)..).next();
            let held =
                held.filter(|(file, _)| file.first == segment).and_then(|(_, log)| log.last());
            assert_eq!(end, held, "a recovery was told something else than the disk holds");
        }
        answer.is_ok()
    }

    fn accept(&mut self, turn: &Turn, off: i64, peer_answers: bool) -> bool {
        let (info, start) = (self.info(turn), self.newest());
        let end = TxId(self.end_of(start).0 + off);
        let segment = SegmentState { start, end, in_progress: true };
        let request = engine::AcceptRecovery { info, segment, url: "http://peer".into() };
        self.sim.peer_answers = peer_answers;
        let answer = self
            .ask(turn, info.epoch, |state, facts| engine::accept_recovery(state, facts, &request));
        if answer.is_ok() {
            assert_eq!(self.end_of(start), end, "accepted but not installed");
            assert_eq!(self.sim.directory.paxos[&start].accepted_in, info.epoch);
        }
        answer.is_ok()
    }

    fn purge(&mut self, turn: &Turn, behind: i64) -> bool {
        let (info, min_to_keep) = (self.info(turn), TxId(self.end().0 - behind));
        let request = engine::PurgeLogs { info, min_to_keep };
        self.ask(turn, info.epoch, |state, _| engine::purge_logs(state, &request)).is_ok()
    }

    fn info(&mut self, turn: &Turn) -> RequestInfo {
        let committed_txid = turn.committed.then(|| self.end()).filter(|end| end.0 > 0);
        let writer = &mut self.writers[turn.writer.unwrap_or(self.latest)];
        let ipc_serial = writer.serial + turn.serial_off;
        writer.serial += 1;
        RequestInfo { epoch: writer.epoch, ipc_serial, committed_txid }
    }

    /// The request, perhaps again after a crash: the answer may be lost, not what it stood for.
    fn ask<R: Debug + Clone + PartialEq>(
        &mut self,
        turn: &Turn,
        epoch: Epoch,
        request: impl Fn(&State, &Facts) -> Decision<R>,
    ) -> Result<R, Failure> {
        let crash_after = turn.crash_after.unwrap_or(usize::MAX);
        if let Some(answer) = self.step(epoch, &request, crash_after).answer {
            return answer;
        }
        if !turn.asked_again {
            return Err(not_found().into());
        }
        self.step(epoch, &request, usize::MAX).answer.expect("no second crash")
    }

    fn step<R: Debug + Clone + PartialEq>(
        &mut self,
        epoch: Epoch,
        request: impl Fn(&State, &Facts) -> Decision<R>,
        crash_after: usize,
    ) -> Step<R> {
        let before = self.sim.clone();
        let step = self.sim.run_until(request, crash_after);
        for effect in &step.done {
            self.oracle.saw(effect, &before.directory, &self.sim.directory);
        }
        if epoch < before.directory.promised {
            fenced(&step);
            assert_eq!(self.sim.directory, before.directory, "a fenced writer changed the disk");
            assert_eq!(self.sim.state, before.state, "a fenced writer changed the state");
        }
        self.oracle.check(&self.sim);
        step
    }

    /// The first transaction of the newest segment, 1 if there is none.
    fn newest(&self) -> TxId {
        self.sim.directory.edits.keys().next_back().map_or(TxId(1), |file| file.first)
    }

    fn end_of(&self, start: TxId) -> TxId {
        let logs = self.sim.directory.edits.values().filter(|log| log.first == start);
        logs.filter_map(|log| log.last()).max().unwrap_or(start.previous())
    }

    fn end(&self) -> TxId {
        self.sim.directory.edits.values().filter_map(|log| log.last()).max().unwrap_or(TxId(0))
    }
}

fn fenced<R: Debug>(step: &Step<R>) {
    assert!(step.done.is_empty(), "a fenced writer had effects: {step:?}");
    if let Some(answer) = &step.answer {
        let refusal = match answer {
            Err(Failure::Refused(refusal)) => refusal,
            other => panic!("a fenced writer was answered {other:?}"),
        };
        assert!(matches!(refusal, Refusal::OldEpoch { .. } | Refusal::ProposedEpoch { .. }));
    }
}
