use std::cell::RefCell;
use std::fmt::{self, Display};
use std::time::Duration;

use bytes::Bytes;
use journalnode::quorum::{QuorumError, QuorumReader, QuorumWriter};
use journalnode::types::{Epoch, TxId};
use tokio::time::sleep;

use super::quorum::{journal, namespace, options, targets};
use super::{Clock, Host};
use crate::bytes::transaction;
use crate::history::History;
use crate::seed::Seed;

/// Most transactions of a batch.
const BATCH_TXNS: u64 = 8;
/// Most batches of a segment.
const SEGMENT_BATCHES: u64 = 12;
/// How long nodes that are behind may take to answer.
const SETTLE: Duration = Duration::from_secs(5);
/// Most segments that a writer writes before it steps back.
const SEGMENTS: u64 = 6;

/// A machine with a NameNode on it, as far as the journal sees it.
#[derive(Debug)]
pub(crate) struct WriterHost {
    host: Host,
    index: usize,
    seed: RefCell<Seed>,
    history: History,
    pub(crate) clock: Clock,
}

/// What a writer does, for the trace.
enum Step {
    Start(TxId),
    Write(TxId, TxId),
    Finalize(TxId, TxId),
}

impl WriterHost {
    pub(crate) fn new(host: Host, index: usize, seed: Seed, history: History) -> Self {
        let (seed, clock) = (RefCell::new(seed), Clock::default());
        Self { host, index, seed, history, clock }
    }

    /// Becomes the writer again and again, and writes until somebody else is.
    pub(crate) async fn compete(&self) -> turmoil::Result {
        let compete = async {
            loop {
                self.pause(0, 3000).await;
                if let Some(mut writer) = self.open().await?
                    && self.stream(&mut writer).await.is_ok()
                    && self.choose(|seed| seed.percent(50))
                {
                    writer.close(Duration::from_millis(500)).await;
                }
            }
        };
        tokio::select! {
            biased;
            ended = compete => ended,
            () = self.clock.follow() => Ok(()),
        }
    }

    /// `None` if it did not become the writer.
    async fn open(&self) -> Result<Option<QuorumWriter>, Box<dyn std::error::Error>> {
        match QuorumWriter::open(&journal()?, &targets(), &namespace(), options()).await {
            Ok(writer) => Ok(self.begin(&writer).await?.then_some(writer)),
            Err(error) => {
                self.failed("open", &error);
                Ok(None)
            }
        }
    }

    /// Tells where it goes on. Whether that could be found out.
    async fn begin(&self, writer: &QuorumWriter) -> Result<bool, Box<dyn std::error::Error>> {
        let next = match writer.next_txid() {
            Some(next) => next,
            None => match self.end_of_log().await? {
                Some(next) => next,
                None => return Ok(false),
            },
        };
        self.history.opened(&self.host.to_string(), writer.epoch(), next);
        Ok(true)
    }

    /// Where the log ends when there was nothing to recover: a NameNode has read it to its end.
    async fn end_of_log(&self) -> Result<Option<TxId>, Box<dyn std::error::Error>> {
        let reader = QuorumReader::new(&journal()?, &targets(), &namespace(), options());
        match reader.manifest(TxId(1), false).await {
            Ok(nodes) => {
                let segments = nodes.iter().flat_map(|node| &node.segments);
                let last = segments.filter_map(|segment| segment.end).max();
                Ok(Some(last.map_or(TxId(1), TxId::next)))
            }
            Err(error) => {
                self.failed("end of log", &error);
                Ok(None)
            }
        }
    }

    async fn stream(&self, writer: &mut QuorumWriter) -> Result<(), QuorumError> {
        let epoch = writer.epoch();
        let next = self.history.with(|told| told.ledger.opened.get(&epoch).map(|o| o.next));
        let mut next = next.unwrap_or(TxId(1));
        for _ in 0..self.choose(|seed| seed.within(1, SEGMENTS + 1)) {
            next = self.segment(writer, epoch, next).await?;
            if self.choose(|seed| seed.percent(10)) {
                self.pause(500, 2500).await;
            }
        }
        Ok(())
    }

    /// One segment, finished or left open. Gives what comes next.
    async fn segment(
        &self,
        writer: &mut QuorumWriter,
        epoch: Epoch,
        first: TxId,
    ) -> Result<TxId, QuorumError> {
        let asked = self.history.asks();
        let started = writer.start_segment(first).await;
        self.told(&Step::Start(first), epoch, asked, started)?;
        let mut next = first;
        for _ in 0..self.choose(|seed| seed.within(1, SEGMENT_BATCHES + 1)) {
            self.pause(0, 100).await;
            next = self.batch(writer, epoch, next).await?;
        }
        let asked = self.history.asks();
        let finalized = writer.finalize(first, next.previous()).await;
        self.told(&Step::Finalize(first, next.previous()), epoch, asked, finalized)?;
        Ok(next)
    }

    async fn batch(
        &self,
        writer: &mut QuorumWriter,
        epoch: Epoch,
        first: TxId,
    ) -> Result<TxId, QuorumError> {
        let count = self.choose(|seed| seed.within(1, BATCH_TXNS + 1)) as i64;
        let txids = (first.0..first.0 + count).map(TxId);
        let one = |txid| (txid, self.choose(|seed| transaction(seed, self.index, epoch, txid)));
        let batch: Vec<(TxId, Bytes)> = txids.map(one).collect();
        let records: Vec<u8> = batch.iter().flat_map(|(_, bytes)| bytes.to_vec()).collect();
        self.history.attempts(epoch, &batch);
        let asked = self.history.asks();
        let written = writer.write(first, count as u32, records.into()).await;
        let last = TxId(first.0 + count - 1);
        self.told(&Step::Write(first, last), epoch, asked, written)?;
        self.history.acknowledged(epoch, &batch);
        Ok(last.next())
    }

    fn told(
        &self,
        step: &Step,
        epoch: Epoch,
        asked: u64,
        answer: Result<(), QuorumError>,
    ) -> Result<(), QuorumError> {
        match &answer {
            Ok(()) => self.history.succeeded(&self.host.to_string(), epoch, step, asked),
            Err(error) => self.failed(&format!("{step}, epoch {epoch}"), error),
        }
        answer
    }

    fn failed(&self, what: &str, error: &dyn Display) {
        self.history.note(&format!("{} {what} failed: {error}", self.host));
    }

    fn choose<T>(&self, choose: impl FnOnce(&mut Seed) -> T) -> T {
        choose(&mut self.seed.borrow_mut())
    }

    async fn pause(&self, low_ms: u64, high_ms: u64) {
        let pause = self.choose(|seed| seed.millis(low_ms, high_ms));
        sleep(pause).await;
    }
}

/// A writer on a healed cluster: becomes the writer, and must get on for some segments. A node
/// that promised itself to a later epoch, which nobody won, refuses this one; so it comes again
/// with the next epoch, until all nodes are in step.
pub(crate) async fn write_on(writer: WriterHost, mut segments: usize) -> turmoil::Result {
    loop {
        let Some(mut quorum) = writer.open().await? else {
            writer.pause(100, 1000).await;
            continue;
        };
        let epoch = quorum.epoch();
        let next = writer.history.with(|told| told.ledger.opened.get(&epoch).map(|o| o.next));
        let mut next = next.unwrap_or(TxId(1));
        let mut done = 0;
        while done < segments {
            match writer.segment(&mut quorum, epoch, next).await {
                Ok(after) => (next, done) = (after, done + 1),
                Err(_) => break,
            }
        }
        if done == segments {
            let settled = quorum.settle(SETTLE).await;
            if settled && quorum.status().nodes.iter().all(|node| node.in_sync) {
                return Ok(());
            }
            segments = 1;
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(first) => write!(f, "start segment {first}"),
            Self::Write(first, last) => write!(f, "write {first}-{last}"),
            Self::Finalize(first, last) => write!(f, "finalize {first}-{last}"),
        }
    }
}
