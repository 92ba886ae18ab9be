//! Simulations of a fixed list of seeds, and of known bugs that they must find.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::Instant;

use simulation::{Flaw, Options, Outcome, keep_failure, run};

/// What CI runs; `make sim SEEDS=10000` runs more.
const SEEDS: u64 = 200;
/// A known bug is found within so many seeds.
const FLAW_SEEDS: u64 = 60;

fn failed(outcome: &Outcome) -> Option<String> {
    let first = outcome.violations.first()?;
    let kept = keep_failure(Path::new(env!("CARGO_TARGET_TMPDIR")), outcome);
    Some(format!("seed {}: {first}; kept in {kept:?}", outcome.seed))
}

#[test]
fn what_must_hold_holds_for_two_hundred_seeds() {
    let next = AtomicU64::new(0);
    let started = Instant::now();
    let work = || {
        let mut found = Vec::new();
        loop {
            let seed = next.fetch_add(1, Relaxed);
            if seed >= SEEDS {
                return found;
            }
            found.extend(failed(&run(seed, Options::default())));
        }
    };
    let failures: Vec<String> = thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    println!("{:.1} seeds per second", SEEDS as f64 / started.elapsed().as_secs_f64());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_same_seed_is_the_same_run() {
    for seed in 0..10 {
        let [one, other] = [(); 2].map(|()| run(seed, Options::default()));
        assert_eq!(one.trace, other.trace, "seed {seed}");
        assert_eq!(one.digest, other.digest, "the disks of seed {seed} differ");
        assert!(one.acknowledged > 0, "seed {seed} did nothing");
    }
    let digests = [0, 1].map(|seed| run(seed, Options::default()).digest);
    assert_ne!(digests[0], digests[1]);
}

fn is_found(flaw: Flaw) {
    let options = Options { flaw: Some(flaw), ..Options::default() };
    let found = (0..FLAW_SEEDS).find(|seed| !run(*seed, options).violations.is_empty());
    assert!(found.is_some(), "{flaw:?} was not found with {FLAW_SEEDS} seeds");
}

#[test]
fn an_answer_before_the_edits_are_synced_is_found() {
    is_found(Flaw::ReplyBeforeSync);
}

#[test]
fn a_directory_that_is_never_synced_is_found() {
    is_found(Flaw::SkipDirectorySync);
}
