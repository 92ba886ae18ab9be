//! `scripts/quickstart`: a user's cluster with automatic failover, from formatting to the kill
//! of the active NameNode.

use std::process::ExitCode;

use anyhow::{Result, bail};
use system_tests::process::cache_dir;
use system_tests::quickstart::{Front, Tour};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        // The owner's output goes to the front, which prints it.
        Err(error) if words.first() == Some(&Front::OWNER) => {
            println!("\nIt failed: {error:#}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("quickstart: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    let folder = cache_dir()?.join("quickstart");
    match words {
        [] => Front::of(&folder).run(false),
        ["--keep"] => Front::of(&folder).run(true),
        ["--stop"] => Front::of(&folder).stop(),
        [Front::OWNER] => Tour::start(&folder)?.show(),
        [Front::OWNER, "--keep"] => Tour::start(&folder)?.keep(),
        _ => bail!("the options are --keep, which leaves the cluster running, and --stop"),
    }
}
