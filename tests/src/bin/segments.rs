//! `scripts/bench segments`: what 100,000 finished segments in a journal's directory cost, ours
//! beside Java's.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hadoop_ipc::client::ClientError;
use system_tests::bench::{JournalWriter, LongLog, Samples};
use system_tests::hadoop::{JournalNode, JournalNodeKind, Site};
use system_tests::process::WorkDir;
use tokio::runtime::Runtime;

const SEGMENTS: u64 = 100_000;
/// Two series of five, for a control.
const DEFAULT_RUNS: usize = 10;
/// How often each request is timed in a run.
const REPETITIONS: usize = 20;
const JOURNAL: &str = "long";
const TXNS: u64 = 2;
const LOG: LongLog = LongLog { txns_per_segment: TXNS, body_bytes: 0 };

/// What is timed of one server on one directory.
#[derive(Default)]
struct Figures {
    first_answer: Samples,
    segment: Samples,
    manifest: Samples,
}

/// A server on a directory of its own.
struct Subject {
    node: JournalNode,
    next: u64,
    epoch: u64,
    figures: Figures,
}

fn main() -> Result<()> {
    let runs = match std::env::args().nth(1) {
        Some(text) => text.parse().context("RUNS must be a number")?,
        None => DEFAULT_RUNS,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    WorkDir::run("segments", |root| {
        let mut subjects = Vec::new();
        for kind in [JournalNodeKind::Java, JournalNodeKind::Rust] {
            for segments in [0, SEGMENTS] {
                subjects.push(Subject::prepare(&runtime, kind, segments, root)?);
            }
        }
        for run in 0..runs {
            eprintln!("run {} of {runs}", run + 1);
            for subject in &mut subjects {
                subject.measure(&runtime, run)?;
            }
        }
        print(&subjects);
        Ok(())
    });
    Ok(())
}

impl Subject {
    /// Formats a journal with this many finished segments.
    fn prepare(
        runtime: &Runtime,
        kind: JournalNodeKind,
        segments: u64,
        root: &Path,
    ) -> Result<Self> {
        let mut node = JournalNode::new(&format!("{kind}-{segments}"), kind, root)?;
        node.configure(&Site::new())?;
        node.start()?;
        runtime.block_on(JournalWriter::new(&node, JOURNAL).format())?;
        node.terminate()?;
        LOG.fill(&node.journal_dir(JOURNAL).current(), segments)?;
        let next = segments * TXNS + 1;
        Ok(Self { node, next, epoch: 0, figures: Figures::default() })
    }

    /// Starts it, asks what a NameNode asks, ends it.
    fn measure(&mut self, runtime: &Runtime, run: usize) -> Result<()> {
        let started = Instant::now();
        self.node.spawn()?;
        runtime.block_on(JournalWriter::await_first_answer(&self.node, JOURNAL))?;
        self.figures.first_answer.add(run, started.elapsed());
        let mut writer = JournalWriter::new(&self.node, JOURNAL);
        self.epoch += 1;
        runtime.block_on(async {
            writer.new_epoch(self.epoch).await?;
            for _ in 0..REPETITIONS {
                self.figures.segment.add(run, write_segment(&mut writer, self.next).await?);
                self.next += TXNS;
                self.figures.manifest.add(run, manifest(&writer, self.next - 1).await?);
            }
            anyhow::Ok(())
        })?;
        self.node.terminate()?;
        Ok(())
    }
}

/// The time of startLogSegment and finalizeLogSegment together.
async fn write_segment(writer: &mut JournalWriter, first: u64) -> Result<Duration, ClientError> {
    let begun = Instant::now();
    writer.start_segment(first).await?;
    let started = begun.elapsed();
    writer.write(LOG, first, first, TXNS).await?;
    let begun = Instant::now();
    writer.finalize(first, first + TXNS - 1).await?;
    Ok(started + begun.elapsed())
}

async fn manifest(writer: &JournalWriter, since: u64) -> Result<Duration> {
    let begun = Instant::now();
    let answer = writer.manifest(since).await?;
    let time = begun.elapsed();
    anyhow::ensure!(answer.manifest.logs.len() == 1, "{:?}", answer.manifest.logs);
    Ok(time)
}

/// What a row of the table is about.
type Row = fn(&Figures) -> &Samples;

fn print(subjects: &[Subject]) {
    println!("Medians in ms. \"noise\": factor between two alternating series of the same server.");
    let title = "with 100,000 it is";
    println!(
        "{:26}{:8}{:>10}{:>10}{:>10}{:>8}  {title}",
        "", "", "empty", "100,000", "ratio", "noise"
    );
    let rows: [(&str, Row); 3] = [
        ("exec to first answer", |figures| &figures.first_answer),
        ("start + finalize segment", |figures| &figures.segment),
        ("manifest near the end", |figures| &figures.manifest),
    ];
    for (name, of) in rows {
        for pair in subjects.chunks(2) {
            let [empty, long] = pair else { continue };
            let kind = empty.node.kind().to_string();
            let (empty, long) = (of(&empty.figures), of(&long.figures));
            println!(
                "{name:26}{kind:8}{:>10.3}{:>10.3}{:>10.2}{:>8.2}  {}",
                empty.median() * 1e3,
                long.median() * 1e3,
                long.median() / empty.median(),
                empty.noise().max(long.noise()),
                empty.compare(long),
            );
        }
    }
}
