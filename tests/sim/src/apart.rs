use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use crate::Summary;

/// Runs these seeds, each in a process of its own, `jobs` at a time: numbers that a process
/// gives out, such as those of tokio's tasks, begin anew then, and the order in which a killed
/// host's tasks end follows from them. `arguments` go to each.
pub fn run_apart(
    program: &Path,
    seeds: std::ops::Range<u64>,
    jobs: usize,
    arguments: &[String],
    mut each: impl FnMut(Summary),
) -> io::Result<()> {
    let next = AtomicU64::new(seeds.start);
    let (ended, received) = channel();
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (next, ended) = (&next, ended.clone());
            scope.spawn(move || work(program, next, seeds.end, arguments, &ended));
        }
        drop(ended);
        received.into_iter().try_for_each(|summary| summary.map(&mut each))
    })
}

fn work(
    program: &Path,
    next: &AtomicU64,
    end: u64,
    arguments: &[String],
    ended: &Sender<io::Result<Summary>>,
) {
    loop {
        let seed = next.fetch_add(1, Relaxed);
        if seed >= end || ended.send(one(program, seed, arguments)).is_err() {
            return;
        }
    }
}

fn one(program: &Path, seed: u64, arguments: &[String]) -> io::Result<Summary> {
    let mut command = Command::new(program);
    command.args(["--brief", "--seed", &seed.to_string()]).args(arguments);
    let output = command.stderr(Stdio::null()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().unwrap_or_default();
    last.parse().map_err(|error| io::Error::other(format!("seed {seed}: {error}")))
}
