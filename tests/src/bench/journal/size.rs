use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Bench, Who};
use crate::hadoop::ClassPath;
use crate::process::built_binary;

const KEY: &str = "size";
const MIB: f64 = (1 << 20) as f64;

/// Of the binary without symbols; and of the jars that Java's JournalNode is given, for which
/// one needs a Java runtime besides.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let folder = bench.folder(KEY);
    fs::create_dir_all(&folder)?;
    let stripped = folder.join("journalnode");
    let mut strip = Command::new("strip");
    strip.arg("-o").arg(&stripped).arg(built_binary("journalnode")?);
    ensure!(strip.status().context("run strip")?.success(), "strip failed");
    bench.figures.add(KEY, Who::Ours, fs::metadata(&stripped)?.len() as f64 / MIB);
    let jars = ClassPath::of_this_machine()?.daemons().split(':').filter(|path| is_jar(path));
    let sizes: Result<Vec<u64>, _> = jars.map(|jar| fs::metadata(jar).map(|of| of.len())).collect();
    bench.figures.add(KEY, Who::Java, sizes?.into_iter().sum::<u64>() as f64 / MIB);
    Ok(())
}

fn is_jar(path: &str) -> bool {
    path.ends_with(".jar")
}
