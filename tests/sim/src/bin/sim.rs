//! Runs simulations of many seeds, or one of them with its trace.

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use simulation::{Options, Outcome, keep_failure, log_to_stderr, run};

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
    /// Prints what daemons and clients log as well, by RUST_LOG; for one seed.
    #[arg(long, requires = "seed")]
    log: bool,
    /// Simulated seconds with faults.
    #[arg(long, default_value_t = 20)]
    safety_secs: u64,
    /// Where failed runs are kept.
    #[arg(long, default_value = "target")]
    target: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let safety = Duration::from_secs(arguments.safety_secs);
    let options = Options { safety, ..Options::default() };
    match arguments.seed {
        Some(seed) => one(seed, options, &arguments),
        None => many(options, &arguments),
    }
}

fn one(seed: u64, options: Options, arguments: &Arguments) -> ExitCode {
    if arguments.log {
        log_to_stderr();
    }
    let outcome = run(seed, options);
    outcome.trace.iter().for_each(|line| println!("{line}"));
    println!("seed {seed}: digest {:016x}", outcome.digest);
    if tell(&outcome, Path::new(&arguments.target)) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn many(options: Options, arguments: &Arguments) -> ExitCode {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let jobs = arguments.jobs.unwrap_or(cores);
    let (next, end) = (AtomicU64::new(arguments.first), arguments.first + arguments.seeds);
    let (outcomes, received) = channel();
    let started = Instant::now();
    let mut total = Total::default();
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (next, outcomes) = (&next, outcomes.clone());
            scope.spawn(move || work(next, end, options, &outcomes));
        }
        drop(outcomes);
        let mut told = Instant::now();
        for outcome in received {
            total.add(&outcome, tell(&outcome, Path::new(&arguments.target)));
            if told.elapsed() > TELL {
                told = Instant::now();
                total.print(started.elapsed(), jobs);
            }
        }
    });
    total.print(started.elapsed(), jobs);
    if total.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn work(next: &AtomicU64, end: u64, options: Options, outcomes: &Sender<Outcome>) {
    loop {
        let seed = next.fetch_add(1, Relaxed);
        if seed >= end || outcomes.send(run(seed, options)).is_err() {
            return;
        }
    }
}

/// Whether all is well; if not, says so and keeps it.
fn tell(outcome: &Outcome, target: &Path) -> bool {
    for violation in &outcome.violations {
        println!("seed {}: {violation}", outcome.seed);
    }
    if outcome.violations.is_empty() {
        return true;
    }
    match keep_failure(target, outcome) {
        Ok(directory) => println!("seed {}: kept in {}", outcome.seed, directory.display()),
        Err(error) => println!("seed {}: not kept: {error}", outcome.seed),
    }
    false
}

#[derive(Debug, Default)]
struct Total {
    runs: u64,
    failed: Vec<u64>,
    simulated: Duration,
    acknowledged: usize,
    epochs: usize,
    faults: usize,
}

impl Total {
    fn add(&mut self, outcome: &Outcome, good: bool) {
        self.runs += 1;
        self.simulated += outcome.simulated;
        self.acknowledged += outcome.acknowledged;
        self.epochs += outcome.epochs;
        self.faults += outcome.faults;
        if !good {
            self.failed.push(outcome.seed);
        }
    }

    fn print(&self, took: Duration, jobs: usize) {
        let Self { runs, failed, simulated, acknowledged, epochs, faults } = self;
        let seconds = took.as_secs_f64().max(0.001);
        println!(
            "{runs} seeds, {} failed {failed:?}; {:.1} h simulated, {faults} events of faults, \
             {epochs} epochs, {acknowledged} transactions acknowledged; {:.1} s with {jobs} \
             threads: {:.1} seeds/s, {:.0} simulated seconds per second",
            failed.len(),
            simulated.as_secs_f64() / 3600.0,
            took.as_secs_f64(),
            *runs as f64 / seconds,
            simulated.as_secs_f64() / seconds,
        );
    }
}
