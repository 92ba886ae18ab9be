//! `scripts/chaos`: rounds of faults that follow a seed against a whole cluster under load.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use system_tests::chaos::{Report, Run};
use system_tests::process::cache_dir;

const DEFAULT_ROUNDS: usize = 2;
const DEFAULT_SEED: u64 = 1;
const REPORT: &str = "report.json";

/// What the command line asks for.
struct Options {
    rounds: usize,
    seed: u64,
    report: Option<PathBuf>,
}

fn main() -> ExitCode {
    match options().and_then(|options| run(&options)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("chaos: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<Options> {
    let mut options = Options { rounds: DEFAULT_ROUNDS, seed: DEFAULT_SEED, report: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().with_context(|| format!("{word} wants a value"))?;
        match word.as_str() {
            "--rounds" => options.rounds = value.parse().context("--rounds wants a number")?,
            "--seed" => options.seed = value.parse().context("--seed wants a number")?,
            "--report" => options.report = Some(value.into()),
            _ => bail!("the options are --rounds N, --seed S and --report FILE"),
        }
    }
    Ok(options)
}

fn run(options: &Options) -> Result<bool> {
    ensure!(rustix::process::geteuid().is_root(), "network namespaces need root: run this as root");
    let Options { rounds, seed, .. } = *options;
    let folder = cache_dir()?.join(format!("chaos-{seed}-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let report = Run::follow(&folder, seed, rounds);
    let report = report.with_context(|| format!("logs are in {}", folder.display()))?;
    let json = serde_json::to_string_pretty(&report)? + "\n";
    let file = options.report.clone().unwrap_or_else(|| folder.join(REPORT));
    fs::write(&file, json).with_context(|| format!("write {}", file.display()))?;
    sum_up(&report);
    if report.passed {
        fs::remove_dir_all(&folder)?;
    } else {
        println!("logs and journals: {}", folder.display());
        println!("again: scripts/chaos --rounds {rounds} --seed {seed}");
    }
    Ok(report.passed)
}

fn sum_up(report: &Report) {
    let totals = &report.totals;
    println!(
        "\n{} of {} rounds in {} s: {} operations acknowledged, {} unknown; {} transactions in {} \
         segments the same on all JournalNodes; {} writers, one after the other; longest pause {} ms",
        report.rounds_done,
        report.rounds,
        report.took_ms / 1000,
        totals.acknowledged,
        totals.unknown,
        totals.transactions,
        totals.segments,
        totals.epochs,
        totals.longest_pause_ms,
    );
    for violation in report.violations.iter().take(20) {
        println!("VIOLATION  {violation}");
    }
    if let Some(why) = &report.stopped_by {
        println!("STOPPED  {why}");
    }
    println!("{}", if report.passed { "passed" } else { "FAILED" });
}
