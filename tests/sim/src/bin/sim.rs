//! Runs simulations of many seeds, or one of them with its trace.

use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use simulation::{Flaw, Options, Outcome, Summary, keep_failure, log_to_stderr, run, run_apart};

/// How often progress is told.
const TELL: Duration = Duration::from_secs(30);

/// Simulations of a quorum of JournalNodes with its writers, by seed.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many seeds to run.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Seeds at the same time; as many as there are cores if not given.
    #[arg(long)]
    jobs: Option<usize>,
    /// Runs this seed alone, and prints what happened.
    #[arg(long)]
    seed: Option<u64>,
    /// Prints one line of numbers instead; for one seed.
    #[arg(long, requires = "seed")]
    brief: bool,
    /// Prints what daemons and clients log as well, by RUST_LOG; for one seed.
    #[arg(long, requires = "seed")]
    log: bool,
    /// A known bug to run with.
    #[arg(long)]
    flaw: Option<Flaw>,
    /// Simulated seconds with faults.
    #[arg(long, default_value_t = 20)]
    safety_secs: u64,
    /// Where failed runs are kept.
    #[arg(long, default_value = "target")]
    target: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.seed {
        Some(seed) => one(seed, &arguments),
        None => many(&arguments),
    }
}

fn one(seed: u64, arguments: &Arguments) -> ExitCode {
    if arguments.log {
        log_to_stderr();
    }
    let safety = Duration::from_secs(arguments.safety_secs);
    let outcome = run(seed, Options { safety, flaw: arguments.flaw, ..Options::default() });
    if !arguments.brief {
        outcome.trace.iter().for_each(|line| println!("{line}"));
        println!("seed {seed}: digest {:016x}", outcome.digest);
    }
    keep(&outcome, Path::new(&arguments.target));
    if arguments.brief {
        println!("{}", Summary::of(&outcome));
    }
    if outcome.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn keep(outcome: &Outcome, target: &Path) {
    if outcome.violations.is_empty() {
        return;
    }
    match keep_failure(target, outcome) {
        Ok(directory) => println!("seed {}: kept in {}", outcome.seed, directory.display()),
        Err(error) => println!("seed {}: not kept: {error}", outcome.seed),
    }
}

fn many(arguments: &Arguments) -> ExitCode {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let jobs = arguments.jobs.unwrap_or(cores);
    let seeds = arguments.first..arguments.first + arguments.seeds;
    let mut passed_on = vec!["--target".to_owned(), arguments.target.clone()];
    passed_on.extend(["--safety-secs".to_owned(), arguments.safety_secs.to_string()]);
    let started = Instant::now();
    let (mut total, mut told) = (Total::default(), Instant::now());
    let ended = std::env::current_exe().and_then(|program| {
        run_apart(&program, seeds, jobs, &passed_on, |summary| {
            total.add(&summary);
            if told.elapsed() > TELL {
                told = Instant::now();
                total.print(started.elapsed(), jobs);
            }
        })
    });
    total.print(started.elapsed(), jobs);
    match ended {
        Ok(()) if total.failed.is_empty() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Debug, Default)]
struct Total {
    runs: u64,
    failed: Vec<u64>,
    simulated: Duration,
    acknowledged: u64,
    epochs: u64,
    faults: u64,
}

impl Total {
    fn add(&mut self, summary: &Summary) {
        self.runs += 1;
        self.simulated += summary.simulated;
        self.acknowledged += summary.acknowledged;
        self.epochs += summary.epochs;
        self.faults += summary.faults;
        if let Some(violation) = &summary.violation {
            println!("seed {}: {violation}", summary.seed);
            self.failed.push(summary.seed);
        }
    }

    fn print(&self, took: Duration, jobs: usize) {
        let Self { runs, failed, simulated, acknowledged, epochs, faults } = self;
        let seconds = took.as_secs_f64().max(0.001);
        println!(
            "{runs} seeds, {} failed {failed:?}; {:.1} h simulated, {faults} faults and repairs, \
             {epochs} epochs, {acknowledged} transactions acknowledged; {:.1} s with {jobs} \
             processes: {:.1} seeds/s, {:.0} simulated seconds per second",
            failed.len(),
            simulated.as_secs_f64() / 3600.0,
            took.as_secs_f64(),
            *runs as f64 / seconds,
            simulated.as_secs_f64() / seconds,
        );
    }
}
