//! `scripts/bench edits`: how fast a standby gets edits by RPC, ours beside Java's, from the cache
//! and of what left it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use hadoop_ipc::client::ClientError;
use serde_json::{Value, json};
use system_tests::bench::{JournalWriter, LongLog, Samples};
use system_tests::hadoop::{JournalNode, JournalNodeKind, Site};
use system_tests::process::WorkDir;
use tokio::runtime::Runtime;

/// Two series of five, for a control.
const DEFAULT_RUNS: usize = 10;
/// Java's compiler works on a new process for seconds. Its calls are steady once two windows of them
/// took the same time but for this share.
const STEADY_WITHIN: f64 = 0.1;
/// Long enough that a pause of the collector or of the machine is a small part.
const WARM_WINDOW: Duration = Duration::from_secs(3);
/// A server that is not steady by then is measured all the same; the noise shows it.
const WARM_LIMIT: Duration = Duration::from_secs(60);
/// How many calls are timed together.
const CALLS: u64 = 50;
const JOURNAL: &str = "tailed";
const SEGMENTS: u64 = 10;
const BATCH_TXNS: u64 = 1000;
/// What a call asks for.
const MAX_TXNS: u32 = 1000;
/// About what a mkdir takes.
const LOG: LongLog = LongLog { txns_per_segment: 10_000, body_bytes: 100 };
const TXNS: u64 = SEGMENTS * LOG.txns_per_segment;
/// Room for a tenth of what is written.
const CACHE_BYTES: u64 = 1 << 20;
/// Far from each other, and each in another place of its segment.
const STRIDE: u64 = 37_123;

/// Where the calls of a row begin.
#[derive(Clone, Copy)]
enum Place {
    Cache,
    InOrder,
    Anywhere,
}

const PLACES: [Place; 3] = [Place::Cache, Place::InOrder, Place::Anywhere];

/// A server, and the time of [`CALLS`] calls at each place, or why there is none.
struct Subject {
    node: JournalNode,
    writer: JournalWriter,
    times: [Result<Samples, String>; PLACES.len()],
}

fn main() -> Result<()> {
    let (runs, file) = arguments()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    WorkDir::run("edits-bench", |root| {
        let kinds = [JournalNodeKind::Java, JournalNodeKind::Rust];
        let [mut java, mut rust] = kinds.map(|kind| Subject::prepare(&runtime, kind, root));
        for subject in [&mut java, &mut rust].into_iter().flatten() {
            subject.warm(&runtime)?;
        }
        for run in 0..runs {
            eprintln!("run {} of {runs}", run + 1);
            for subject in [&mut java, &mut rust] {
                subject
                    .as_mut()
                    .map_err(|error| anyhow::anyhow!("{error:#}"))?
                    .measure(&runtime, run)?;
            }
        }
        report(&mut java?, &mut rust?, file.as_deref())
    });
    Ok(())
}

impl Subject {
    /// Starts a server and writes to it, until the first edits have left its cache.
    fn prepare(runtime: &Runtime, kind: JournalNodeKind, root: &Path) -> Result<Self> {
        let mut node = JournalNode::new(&kind.to_string(), kind, root)?;
        let mut site = Site::new();
        site.set("dfs.ha.tail-edits.in-progress", true)
            // As observers have it: they may be behind by anything and still get their edits.
            .set("dfs.ha.tail-edits.period", "0ms")
            .set("dfs.journalnode.edit-cache-size.bytes", CACHE_BYTES);
        node.configure(&site)?;
        node.start()?;
        let mut writer = JournalWriter::new(&node, JOURNAL);
        runtime.block_on(write(&mut writer))?;
        Ok(Self { node, writer, times: PLACES.map(|_| Ok(Samples::default())) })
    }

    /// Calls until the calls take no less time than before, at each place that has an answer.
    fn warm(&mut self, runtime: &Runtime) -> Result<()> {
        for (place, times) in PLACES.into_iter().zip(&mut self.times) {
            match runtime.block_on(warm(&self.writer, place)) {
                Ok(took) => eprintln!("{}, {}: {took}", self.node.kind(), place.name()),
                Err(ReadError::Refused(class)) => *times = Err(class),
                Err(ReadError::Other(error)) => return Err(error),
            }
        }
        Ok(())
    }

    fn measure(&mut self, runtime: &Runtime, run: usize) -> Result<()> {
        for (place, times) in PLACES.into_iter().zip(&mut self.times) {
            let Ok(samples) = times else { continue };
            match runtime.block_on(read(&self.writer, place)) {
                Ok(time) => samples.add(run, time),
                Err(ReadError::Refused(class)) => *times = Err(class),
                Err(ReadError::Other(error)) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The last segment stays open, as it is under a NameNode.
async fn write(writer: &mut JournalWriter) -> Result<(), ClientError> {
    writer.format().await?;
    writer.new_epoch(1).await?;
    for index in 0..SEGMENTS {
        let first = index * LOG.txns_per_segment + 1;
        writer.write_whole(LOG, first, BATCH_TXNS).await?;
        if index + 1 < SEGMENTS {
            writer.finalize(first, first + LOG.txns_per_segment - 1).await?;
        }
    }
    Ok(())
}

enum ReadError {
    /// Java's class.
    Refused(String),
    Other(anyhow::Error),
}

/// Reads until two windows agree, and says how long that took.
async fn warm(writer: &JournalWriter, place: Place) -> Result<String, ReadError> {
    let begun = Instant::now();
    let mut before = window(writer, place).await?;
    while begun.elapsed() < WARM_LIMIT {
        let now = window(writer, place).await?;
        if (now / before - 1.0).abs() <= STEADY_WITHIN {
            return Ok(format!("steady after {:.0} s", begun.elapsed().as_secs_f64()));
        }
        before = now;
    }
    Ok(format!("not steady within {WARM_LIMIT:?}"))
}

/// The mean time of [`CALLS`] calls over one window, in seconds.
async fn window(writer: &JournalWriter, place: Place) -> Result<f64, ReadError> {
    let begun = Instant::now();
    let mut rounds = 0_u32;
    while begun.elapsed() < WARM_WINDOW {
        read(writer, place).await?;
        rounds += 1;
    }
    Ok(begun.elapsed().as_secs_f64() / f64::from(rounds))
}

/// The time of [`CALLS`] calls, each of which must give all that it asks for.
async fn read(writer: &JournalWriter, place: Place) -> Result<Duration, ReadError> {
    let begun = Instant::now();
    for call in 0..CALLS {
        match writer.edits(place.txid(call), MAX_TXNS).await {
            Ok(answer) if answer.txn_count == MAX_TXNS => {}
            Ok(answer) => {
                let text = format!("{} transactions of {MAX_TXNS}", answer.txn_count);
                return Err(ReadError::Other(anyhow::anyhow!(text)));
            }
            Err(ClientError::Remote(remote)) => {
                return Err(ReadError::Refused(remote.exception.class.into_owned()));
            }
            Err(error) => return Err(ReadError::Other(error.into())),
        }
    }
    Ok(begun.elapsed())
}

impl Place {
    fn txid(self, call: u64) -> u64 {
        let max = u64::from(MAX_TXNS);
        match self {
            // The last batches, of which one call takes one.
            Self::Cache => TXNS + 1 - max * (1 + call % 4),
            Self::InOrder => 1 + call * max,
            Self::Anywhere => 1 + call * STRIDE % (TXNS / 2),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Cache => "in the cache",
            Self::InOrder => "left the cache, in order",
            Self::Anywhere => "left the cache, anywhere",
        }
    }
}

fn report(java: &mut Subject, rust: &mut Subject, file: Option<&Path>) -> Result<()> {
    ensure!(java.times[0].is_ok() && rust.times.iter().all(Result::is_ok), "no answers to time");
    let bytes = LOG.records(1, 1).len();
    println!(
        "getJournaledEdits, {MAX_TXNS} transactions of {bytes} bytes a call, one call at a time.\n\
         Calls per second, medians; \"noise\": factor between two alternating series."
    );
    println!("{:26}{:>12}{:>12}{:>8}{:>8}", "", "Java", "journalnode", "ratio", "noise");
    let mut rows = Vec::new();
    for (place, (theirs, ours)) in PLACES.iter().zip(java.times.iter().zip(&rust.times)) {
        let (theirs_per_s, ours_per_s) = (per_second(theirs), per_second(ours));
        let noise = [theirs, ours].into_iter().flatten().map(Samples::noise).fold(1.0, f64::max);
        println!(
            "{:26}{:>12}{:>12}{:>8}{noise:>8.2}",
            place.name(),
            shown(theirs_per_s),
            shown(ours_per_s),
            theirs_per_s
                .zip(ours_per_s)
                .map_or_else(|| "-".to_owned(), |(theirs, ours)| format!("{:.1}", ours / theirs)),
        );
        if let Err(class) = theirs {
            println!("  Java: {class}");
        }
        rows.push(row(*place, theirs, ours));
    }
    java.node.terminate()?;
    rust.node.terminate()?;
    let Some(file) = file else { return Ok(()) };
    std::fs::write(file, serde_json::to_string_pretty(&Value::Array(rows))?)
        .with_context(|| format!("write {}", file.display()))
}

fn row(place: Place, java: &Result<Samples, String>, rust: &Result<Samples, String>) -> Value {
    json!({
        "name": place.name(),
        "unit": "calls per second",
        "java": per_second(java),
        "java_error": java.as_ref().err(),
        "journalnode": per_second(rust),
    })
}

fn per_second(times: &Result<Samples, String>) -> Option<f64> {
    times.as_ref().ok().map(|samples| CALLS as f64 / samples.median())
}

fn shown(value: Option<f64>) -> String {
    value.map_or_else(|| "fails".to_owned(), |value| format!("{value:.1}"))
}

/// `[RUNS] [--json FILE]`
fn arguments() -> Result<(usize, Option<PathBuf>)> {
    let (mut runs, mut file) = (DEFAULT_RUNS, None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--json" => file = Some(words.next().context("--json takes a file")?.into()),
            number => match number.parse() {
                Ok(number) if number > 0 => runs = number,
                _ => bail!("usage: scripts/bench edits [RUNS] [--json FILE]"),
            },
        }
    }
    Ok((runs, file))
}
