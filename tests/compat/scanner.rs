//! Damaged edits files, scanned by Java and by us: the same last transaction, the same verdict.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use journalnode::editlog::{Record, Records, ScanError, scan};
use journalnode::types::{LayoutVersion, TxId};
use system_tests::fuzz::Mutation;
use system_tests::hadoop::{HdfsClient, Site};
use system_tests::process::{Launcher, WorkDir};

/// Damaged copies of all seeds together. `SCANNER_MUTANTS` is another number.
const MUTANTS: u64 = 200;
/// Copies have the seeds `SCANNER_SEED` and up; 0 by default.
const FIRST_SEED: u64 = 0;
/// At most one file in so many may be judged otherwise on purpose.
const KNOWN_SHARE: usize = 20;

#[test]
fn damaged_segments_end_where_java_says() {
    WorkDir::run("scanner::damaged_segments_end_where_java_says", scenario);
}

// JN-119, JN-120, JN-121
fn scenario(root: &Path) -> Result<()> {
    let folder = root.join("files");
    write_files(&folder)?;
    let conf = root.join("conf");
    Site::new().write(&conf)?;
    let java = HdfsClient::start(&Launcher::here(), &conf, &root.join("client.log"))?;
    let said = java.scan_folder(&folder)?;
    let mut different = Vec::new();
    let (mut compared, mut known) = (0, 0);
    for line in said.lines() {
        let (name, theirs) = line.split_once(' ').with_context(|| line.to_owned())?;
        let file = fs::read(folder.join(name))?;
        let ours = verdict(&file);
        compared += 1;
        if ours == theirs {
            continue;
        }
        if is_known_difference(&file, theirs) {
            known += 1;
        } else {
            different.push(format!("{name}: {ours}, Java {theirs}"));
        }
    }
    eprintln!("{compared} files compared, {} different, {known} as documented", different.len());
    ensure!(compared == fs::read_dir(&folder)?.count(), "{compared} files answered for");
    ensure!(known * KNOWN_SHARE <= compared, "{known} of {compared} files prove nothing");
    ensure!(different.is_empty(), "{}", different.join("\n"));
    Ok(())
}

/// What is judged otherwise on purpose (JN-119, JN-120); no Hadoop of today writes such a file.
///
/// - A version of 0 or more is a corrupt header here. Java finds no transaction: to a JournalNode
///   both are a file to be moved aside.
/// - Operations without lengths, from before Hadoop 2.3, are refused here, whatever Java finds.
/// - Behind damage in a file of a future Hadoop a good checksum is enough here, where Java decodes
///   the operation with the rules of an ancient layout: we never find less.
fn is_known_difference(file: &[u8], theirs: &str) -> bool {
    let Some(version) = file.first_chunk().map(|bytes| i32::from_be_bytes(*bytes)) else {
        return false;
    };
    match scan(file, None) {
        Err(error) => error == ScanError::Unsupported(LayoutVersion(version)),
        Ok(found) if version >= 0 => found.header.is_none() && theirs == "empty",
        Ok(found) => {
            let is_future = LayoutVersion(version) < LayoutVersion::CURRENT;
            let theirs = theirs.parse().ok().map(TxId);
            is_future && has_damage(file) && theirs < found.last
        }
    }
}

fn has_damage(file: &[u8]) -> bool {
    let Ok(Ok(mut records)) = Records::open(file) else { return false };
    let next = || records.next_record().unwrap_or_else(|never| match never {});
    std::iter::from_fn(next).any(|record| matches!(record, Record::Damage { .. }))
}

/// The seeds as they are, and damaged copies of each in turn.
fn write_files(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let seeds = seeds()?;
    for (index, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("whole-{index:02}")), seed)?;
    }
    let first = number("SCANNER_SEED", FIRST_SEED)?;
    let sources = seeds.iter().enumerate().cycle();
    for (seed, (index, file)) in (first..first + number("SCANNER_MUTANTS", MUTANTS)?).zip(sources) {
        let mutant = Mutation::of_seed(seed).apply(file);
        fs::write(folder.join(format!("seed-{seed:06}-of-{index:02}")), mutant)?;
    }
    Ok(())
}

/// Bytes that Hadoop wrote: the corpus of the fuzz target `edits`.
fn seeds() -> Result<Vec<Vec<u8>>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/edits");
    let entries = fs::read_dir(&corpus).with_context(|| corpus.display().to_string())?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    paths.sort();
    paths.iter().map(|path| Ok(fs::read(path)?)).collect()
}

fn verdict(file: &[u8]) -> String {
    match scan(file, None) {
        Err(ScanError::Read(never)) => match never {},
        Err(ScanError::Flags { .. } | ScanError::Unsupported(_)) => "refused".to_owned(),
        Ok(found) if found.header.is_none() => "corrupt".to_owned(),
        Ok(found) => found.last.map_or("empty".to_owned(), |last| last.to_string()),
    }
}

fn number(variable: &str, default: u64) -> Result<u64> {
    match std::env::var(variable) {
        Ok(text) => text.parse().with_context(|| format!("{variable}={text}")),
        Err(_) => Ok(default),
    }
}
