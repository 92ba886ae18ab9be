use std::path::PathBuf;

use crate::engine::fixture::{Directory, Log, namespace, not_found};
use crate::engine::{
    self, Answer as Fact, Decision, Effect, Facts, Failure, Fault, Fetch, Query, RequestInfo,
    ScanTarget, State,
};
use crate::quorum::engine::{Answer, Call, NodeFailure};
use crate::types::{LayoutVersion, SegmentFile, TxId};

/// How a node ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Crash {
    /// What it wrote is there, synced or not.
    Kill,
    /// What it did not sync is lost.
    PowerCut,
}

/// The JournalNodes as a fetch sees them: what each has of a segment.
pub(super) type Served<'a> = &'a dyn Fn(&Fetch) -> Option<Log>;

/// A journal of one node: the real acceptor, on a disk in memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node {
    /// Its address, too.
    pub(super) name: &'static str,
    pub(super) directory: Directory,
    pub(super) state: State,
    /// Whether it ever took a peer's copy of a segment.
    pub(super) has_fetched: bool,
}

impl Node {
    pub(super) fn new(name: &'static str, directory: Directory) -> Self {
        let state = State::new(PathBuf::from("/jn"), directory.contents(), 0, None);
        let mut node = Self { name, directory, state, has_fetched: false };
        let (effects, _) = node.decide(engine::load, &|_| None);
        node.perform(&effects);
        node
    }

    /// Ends and starts again.
    pub(super) fn restart(&mut self, crash: Crash) {
        match crash {
            Crash::Kill => self.directory.kill(),
            Crash::PowerCut => {
                self.directory.crash();
                // Never synced, so any older value may be back: the oldest is the worst.
                self.directory.committed = None;
            }
        }
        let restarted = Self::new(self.name, self.directory.clone());
        *self = Self { has_fetched: self.has_fetched, ..restarted };
    }

    /// What this node would serve of a segment.
    pub(super) fn log_of(&self, first: TxId) -> Option<&Log> {
        let files = self.directory.edits.range(SegmentFile::in_progress(first)..);
        files.take_while(|(file, _)| file.first == first).last().map(|(_, log)| log)
    }

    /// Decides, makes durable, answers.
    pub(super) fn serve(
        &mut self,
        call: &Call,
        info: Option<RequestInfo>,
        served: Served<'_>,
    ) -> Result<Answer, NodeFailure> {
        let (effects, answer) = self.decide_call(call, info, served);
        self.perform(&effects);
        answer
    }

    /// Ends behind so many durable effects of a call; nobody is answered.
    pub(super) fn crash_behind(
        &mut self,
        durable: usize,
        crash: Crash,
        (call, info): (&Call, Option<RequestInfo>),
        served: Served<'_>,
    ) {
        let (effects, _) = self.decide_call(call, info, served);
        let durable = effects.iter().filter(|effect| effect.is_durable()).take(durable);
        let durable: Vec<Effect> = durable.cloned().collect();
        for effect in &durable {
            self.directory.apply(effect);
        }
        self.restart(crash);
    }

    /// How many durable effects a call has, and whether it needs a peer.
    pub(super) fn looks_at(&self, call: &Call, info: Option<RequestInfo>) -> (usize, bool) {
        let asked = std::cell::Cell::new(false);
        let served = |fetch: &Fetch| {
            asked.set(true);
            let segment = fetch.segment;
            Some(Log::filled(segment.start, segment.end, 0))
        };
        let (effects, _) = self.clone().decide_call(call, info, &served);
        (effects.iter().filter(|effect| effect.is_durable()).count(), asked.get())
    }

    fn perform(&mut self, effects: &[Effect]) {
        for effect in effects {
            let outcome = self.directory.apply(effect);
            self.state.commit(effect, outcome);
        }
    }

    fn decide_call(
        &mut self,
        call: &Call,
        info: Option<RequestInfo>,
        served: Served<'_>,
    ) -> (Vec<Effect>, Result<Answer, NodeFailure>) {
        let http = self.name.to_owned();
        match (call, info) {
            (Call::JournalState, _) => self.answer(
                |state, _| engine::journal_state(state),
                |promised| Answer::JournalState { promised, http },
                served,
            ),
            (Call::NewEpoch(epoch), _) => {
                let request = engine::NewEpoch { namespace: namespace(), epoch: *epoch };
                let decide =
                    |state: &State, facts: &Facts| engine::new_epoch(state, facts, &request);
                self.answer(decide, Answer::NewEpoch, served)
            }
            (Call::PrepareRecovery(segment), Some(info)) => {
                let request = engine::PrepareRecovery { info, segment: *segment };
                let decide =
                    |state: &State, facts: &Facts| engine::prepare_recovery(state, facts, &request);
                self.answer(decide, Answer::Prepared, served)
            }
            (call, Some(info)) => self.decide_write(call, info, served),
            (call, None) => panic!("{call:?} does not say who asks"),
        }
    }

    fn decide_write(
        &mut self,
        call: &Call,
        info: RequestInfo,
        served: Served<'_>,
    ) -> (Vec<Effect>, Result<Answer, NodeFailure>) {
        let decide = |state: &State, facts: &Facts| match call {
            Call::AcceptRecovery { segment, source } => {
                let (segment, url) = (*segment, source.clone());
                let request = engine::AcceptRecovery { info, segment, url };
                engine::accept_recovery(state, facts, &request)
            }
            Call::StartSegment(txid) => {
                let layout_version = LayoutVersion::CURRENT;
                let request = engine::StartLogSegment { info, txid: *txid, layout_version };
                engine::start_log_segment(state, facts, &request)
            }
            Call::Journal(batch) => {
                let (segment, first, count) = (batch.segment, batch.first, batch.count);
                let records = batch.records.clone();
                engine::journal(state, &engine::Journal { info, segment, first, count, records })
            }
            Call::Finalize { first, last } => {
                let request = engine::FinalizeLogSegment { info, start: *first, end: *last };
                engine::finalize_log_segment(state, facts, &request)
            }
            _ => engine::heartbeat(state, &info),
        };
        self.answer(decide, |()| Answer::Done, served)
    }

    fn answer<R>(
        &mut self,
        request: impl Fn(&State, &Facts) -> Decision<R>,
        answer: impl FnOnce(R) -> Answer,
        served: Served<'_>,
    ) -> (Vec<Effect>, Result<Answer, NodeFailure>) {
        let (effects, answered) = self.decide(request, served);
        (effects, answered.map(answer).map_err(|failure| refused(&failure)))
    }

    fn decide<R>(
        &mut self,
        request: impl Fn(&State, &Facts) -> Decision<R>,
        served: Served<'_>,
    ) -> (Vec<Effect>, Result<R, Failure>) {
        let mut facts = Facts::default();
        loop {
            match request(&self.state, &facts) {
                Decision::Act { effects, answer } => return (effects, answer),
                Decision::Ask(query) => {
                    let fact = self.find_out(&query, served);
                    facts.learn(query, fact);
                }
            }
        }
    }

    fn find_out(&mut self, query: &Query, served: Served<'_>) -> Result<Fact, Fault> {
        if let Query::Fetch(fetch) = query {
            return self.fetch(fetch, served);
        }
        let fact = self.directory.answer(query, false);
        if let (Query::Scan(ScanTarget::Segment(file)), Ok(Fact::Tail(tail))) = (query, &fact) {
            self.state.remember_tail(*file, *tail);
        }
        fact
    }

    /// As `SegmentFetcher` does: the whole file, if it ends where it should, synced.
    fn fetch(&mut self, fetch: &Fetch, served: Served<'_>) -> Result<Fact, Fault> {
        let log = served(fetch).filter(|log| log.last() == Some(fetch.segment.end));
        let mut log = log.ok_or_else(not_found)?;
        log.sync();
        self.has_fetched = true;
        self.directory.downloads.insert((fetch.segment.start, fetch.epoch), log);
        Ok(Fact::Fetched)
    }
}

/// As it comes over the wire.
fn refused(failure: &Failure) -> NodeFailure {
    NodeFailure::Refused { class: failure.java_class().to_owned(), message: failure.to_string() }
}
