//! Every file of the corpora, and every input that once broke something, through the function that
//! fuzzing feeds (`system_tests::fuzz`). A few seconds; for fuzzing itself see `scripts/fuzz`.

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use system_tests::fuzz::{Mutation, TARGETS, Target};

/// Damaged copies of each edits file, by seed.
const MUTANTS: u64 = 50;

#[test]
fn every_input_of_the_corpora_keeps_the_rules() {
    for target in &TARGETS {
        let files = inputs(target);
        assert!(!files.is_empty(), "no corpus for {}", target.name);
        for file in files {
            replay(target, &file.display().to_string(), &read(&file));
        }
    }
}

#[test]
fn damaged_segments_keep_the_rules() {
    let edits = Target::named("edits");
    for file in inputs(edits) {
        let content = read(&file);
        for seed in 0..MUTANTS {
            let mutant = Mutation::of_seed(seed).apply(&content);
            replay(edits, &format!("{} with seed {seed}", file.display()), &mutant);
        }
    }
}

#[test]
fn every_target_has_a_program_and_every_corpus_a_target() {
    let names: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let programs = listed(&folder("targets"));
    let programs = programs.iter().filter_map(|path| path.file_stem()?.to_str().map(str::to_owned));
    assert_eq!(programs.collect::<BTreeSet<_>>(), names);
    let corpora = listed(&folder("corpus"));
    let corpora = corpora.iter().filter_map(|path| path.file_name()?.to_str().map(str::to_owned));
    assert_eq!(corpora.collect::<BTreeSet<_>>(), names);
}

fn replay(target: &Target, name: &str, input: &[u8]) {
    let check = target.check;
    assert!(catch_unwind(|| check(input)).is_ok(), "{name} breaks a rule of {}", target.name);
}

fn inputs(target: &Target) -> Vec<PathBuf> {
    listed(&folder("corpus").join(target.name))
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn read(file: &Path) -> Vec<u8> {
    fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
