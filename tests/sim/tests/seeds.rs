//! Simulations of a fixed list of seeds, and of known bugs that they must find.

use std::ops::Range;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Instant;

use simulation::{Summary, run_apart};

/// What CI runs; `make sim SEEDS=10000` runs more.
const SEEDS: u64 = 200;
/// A known bug is found within so many seeds.
const FLAW_SEEDS: u64 = 60;
const SIM: &str = env!("CARGO_BIN_EXE_sim");
const KEPT: &str = env!("CARGO_TARGET_TMPDIR");

fn runs(seeds: Range<u64>, arguments: &[&str]) -> Vec<Summary> {
    let jobs = thread::available_parallelism().map_or(1, usize::from);
    let arguments = ["--target", KEPT].iter().chain(arguments);
    let arguments: Vec<String> = arguments.map(|argument| (*argument).to_owned()).collect();
    let mut summaries = Vec::new();
    let run = |summary| summaries.push(summary);
    run_apart(Path::new(SIM), seeds, jobs, &arguments, run).unwrap();
    summaries
}

#[test]
fn what_must_hold_holds_for_two_hundred_seeds() {
    let started = Instant::now();
    let summaries = runs(0..SEEDS, &[]);
    println!("{:.1} seeds per second", SEEDS as f64 / started.elapsed().as_secs_f64());
    assert_eq!(summaries.len() as u64, SEEDS);
    let failed: Vec<_> = summaries.iter().filter(|summary| summary.violation.is_some()).collect();
    assert!(failed.is_empty(), "kept in {KEPT}/failures: {failed:#?}");
}

#[test]
fn the_same_seed_is_the_same_run() {
    let trace = |seed: u64| {
        let mut command = Command::new(SIM);
        command.args(["--target", KEPT, "--seed", &seed.to_string()]);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    for seed in 0..10 {
        let one = trace(seed);
        assert!(one.contains("opened epoch"), "seed {seed} did nothing: {one}");
        assert_eq!(one, trace(seed), "seed {seed}");
        assert_ne!(one, trace(seed + 1), "all seeds are the same");
    }
}

fn is_found(flaw: &str) {
    let summaries = runs(0..FLAW_SEEDS, &["--flaw", flaw]);
    let found = summaries.iter().find_map(|summary| summary.violation.as_ref());
    assert!(found.is_some(), "{flaw} was not found with {FLAW_SEEDS} seeds");
}

#[test]
fn an_answer_before_the_edits_are_synced_is_found() {
    is_found("reply-before-sync");
}

#[test]
fn a_directory_that_is_never_synced_is_found() {
    is_found("skip-directory-sync");
}
