//! `scripts/soak`: a whole cluster under load for minutes or hours, and what our daemons take.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use system_tests::process::cache_dir;
use system_tests::soak::{Report, Run};

const DEFAULT_MINUTES: u64 = 120;
const REPORT: &str = "report.json";

struct Options {
    minutes: u64,
    report: Option<PathBuf>,
}

fn main() -> ExitCode {
    match options().and_then(|options| run(&options)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("soak: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<Options> {
    let mut options = Options { minutes: DEFAULT_MINUTES, report: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--report" {
            options.report = Some(words.next().context("--report wants a file")?.into());
        } else {
            options.minutes = word.parse().context("usage: soak [MINUTES] [--report FILE]")?;
        }
    }
    ensure!(options.minutes > 0, "a soak takes a minute at least");
    Ok(options)
}

fn run(options: &Options) -> Result<bool> {
    ensure!(rustix::process::geteuid().is_root(), "network namespaces need root: run this as root");
    let folder = cache_dir()?.join(format!("soak-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let report = Run::soak(&folder, Duration::from_secs(options.minutes * 60));
    let report = report.with_context(|| format!("logs are in {}", folder.display()))?;
    let file = options.report.clone().unwrap_or_else(|| folder.join(REPORT));
    let json = serde_json::to_string_pretty(&report)? + "\n";
    fs::write(&file, json).with_context(|| format!("write {}", file.display()))?;
    sum_up(&report);
    if report.faults.is_empty() {
        fs::remove_dir_all(&folder)?;
    } else {
        println!("logs and journals: {}", folder.display());
    }
    Ok(report.faults.is_empty())
}

fn sum_up(report: &Report) {
    println!("\n{}\n", report.table());
    println!(
        "{:.1} minutes, {} looks: {} operations acknowledged, {} unknown, longest pause {} ms; {} \
         planned and {} other failovers; transactions up to {}, all before {} purged",
        report.minutes,
        report.samples,
        report.acknowledged,
        report.unknown,
        report.longest_pause_ms,
        report.failovers_planned,
        report.failovers_unplanned,
        report.last_txid,
        report.first_txid,
    );
    for fault in report.faults.iter().take(20) {
        println!("FAULT  {fault}");
    }
    println!("{}", if report.faults.is_empty() { "passed" } else { "FAILED" });
}
