//! `scripts/bench failover`: how long a failover takes, with Java's controller and with ours.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use system_tests::bench::{Figures, json, measure, table};
use system_tests::hadoop::FailoverControllerKind;
use system_tests::process::WorkDir;

const DEFAULT_ROUNDS: usize = 10;

fn main() -> Result<()> {
    let (rounds, file) = arguments()?;
    let mut both = [Figures::default(), Figures::default()];
    let kinds = [FailoverControllerKind::Java, FailoverControllerKind::Rust];
    for (kind, figures) in kinds.into_iter().zip(&mut both) {
        WorkDir::run(&format!("failover-bench.{kind}"), |root| {
            *figures = measure(root, kind, rounds)?;
            Ok(())
        });
    }
    let [java, rust] = &both;
    println!("{}", table(java, rust));
    if let Some(file) = file {
        let text = serde_json::to_string_pretty(&json(java, rust))?;
        std::fs::write(&file, text).with_context(|| format!("write {}", file.display()))?;
    }
    Ok(())
}

/// `[ROUNDS] [--json FILE]`
fn arguments() -> Result<(usize, Option<PathBuf>)> {
    let (mut rounds, mut file) = (DEFAULT_ROUNDS, None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--json" => file = Some(words.next().context("--json takes a file")?.into()),
            number => match number.parse() {
                Ok(number) if number > 0 => rounds = number,
                _ => bail!("usage: scripts/bench failover [ROUNDS] [--json FILE]"),
            },
        }
    }
    Ok((rounds, file))
}
