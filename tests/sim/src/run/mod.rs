//! One run: set up, faults, healing, checks.

mod cluster;
mod watch;

use std::panic::{AssertUnwindSafe, catch_unwind};

use cluster::Cluster;
use journalnode::storage::disk::faulty::FaultyDisk;

use crate::history::{History, Told};
use crate::hosts::NODES;
use crate::seed::Seed;
use crate::{Options, Outcome, Violation, checks, panics, replica};

const NO_PANIC: &str = "nothing panics";
const GETS_ON: &str = "a healed cluster gets on";

/// Runs the simulation that follows from a seed.
pub fn run(seed: u64, options: Options) -> Outcome {
    panics::watch();
    let history = History::new();
    let disks = disks(seed, options);
    let whole = AssertUnwindSafe(|| whole_run(seed, options, &history, &disks));
    let faults = catch_unwind(whole).unwrap_or_default();
    history.with(|told| {
        if let Some(panic) = panics::take() {
            told.report([Violation::new(NO_PANIC, panic)]);
        }
        for (name, bytes) in disks.iter().flat_map(replica::files) {
            told.trace.take_in(name.as_bytes());
            told.trace.take_in(&bytes);
        }
    });
    history.with(|told| outcome(seed, told, faults, disks))
}

fn outcome(seed: u64, told: &Told, faults: usize, disks: Vec<FaultyDisk>) -> Outcome {
    Outcome {
        seed,
        trace: told.trace.lines().to_vec(),
        digest: told.trace.digest(),
        simulated: told.now,
        acknowledged: told.ledger.acknowledged.len(),
        epochs: told.ledger.opened.len(),
        faults,
        violations: told.violations.clone(),
        disks,
    }
}

fn disks(seed: u64, options: Options) -> Vec<FaultyDisk> {
    let mut choice = Seed::new(seed, 1);
    let disk = |_| {
        let disk = FaultyDisk::new(choice.within(0, u64::MAX));
        if let Some(flaw) = options.flaw {
            disk.lie(flaw.lie());
        }
        disk
    };
    (0..NODES).map(disk).collect()
}

/// Gives the number of faults. Ends at the first violation: what follows from it says little.
fn whole_run(seed: u64, options: Options, history: &History, disks: &[FaultyDisk]) -> usize {
    let mut cluster = Cluster::new(seed, options, history.clone(), disks);
    let lived = cluster.format() && cluster.safety_phase();
    if lived {
        cluster.heal();
        match cluster.last_writer().and_then(|()| cluster.converge()) {
            Ok(()) => check_the_log(history, disks),
            Err(what) => history.with(|told| told.report([Violation::new(GETS_ON, what)])),
        }
    }
    cluster.faults()
}

fn check_the_log(history: &History, disks: &[FaultyDisk]) {
    let replicas: Vec<_> = disks.iter().map(replica::finished).collect();
    history.with(|told| match checks::replicas_agree(&replicas) {
        Ok(log) => {
            let kept = checks::acknowledged_is_kept(&told.ledger, &log);
            let read = checks::reader_saw_the_log(&told.ledger, &log);
            told.report(kept.into_iter().chain(read));
            told.note(&format!("all replicas have 1-{}", log.len()));
        }
        Err(violation) => told.report([violation]),
    });
}
