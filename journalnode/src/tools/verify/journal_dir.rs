use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file_name::{self, FileName};
use super::progress::Watched;
use super::{Finding, JournalFacts, Problem, Progress, check_journal, check_segment, small_files};
use crate::storage::disk::{Disk, DiskError, Entry, EntryKind, OpenMode, RealDisk};
use crate::storage::{JournalFiles, StorageError};
use crate::types::{Epoch, SegmentFile};

/// Longest small file that is read, in bytes; the right ones are far shorter.
const SMALL_FILE_LIMIT_BYTES: usize = 4096;
const INTERRUPTED: [&str; 4] =
    ["previous.tmp", "removed.tmp", "finalized.tmp", "lastcheckpoint.tmp"];

/// What was found in one journal.
#[derive(Clone, Debug)]
pub struct JournalReport {
    /// The journal's directory.
    pub directory: PathBuf,
    /// The process that runs on it.
    pub holder: Option<i32>,
    /// What it holds.
    pub facts: JournalFacts,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// Reads a journal's directory, the one with `current` in it, from end to end.
pub fn verify_journal(root: &Path, holder: Option<i32>, progress: &Progress) -> JournalReport {
    let mut reading = Reading::new(root, holder.is_some());
    reading.surroundings();
    reading.version();
    reading.small_files();
    reading.current(progress);
    reading.paxos();
    let Reading { mut findings, facts, .. } = reading;
    findings.extend(holder.map(|pid| Finding::new("in_use.lock", Problem::InUse { pid })));
    findings.extend(check_journal(&facts));
    let newest = facts.newest_in_progress().map(SegmentFile::in_progress);
    let written = |finding: &Finding| {
        let name = finding.path.strip_prefix("current/").map(FileName::of);
        holder.is_some() && name == newest.map(FileName::Segment)
    };
    let findings = findings.into_iter().map(|finding| {
        let is_written = written(&finding);
        finding.while_written(is_written)
    });
    let findings = findings.collect();
    JournalReport { directory: root.to_owned(), holder, facts, findings }
}

struct Reading<'a> {
    root: &'a Path,
    current: PathBuf,
    files: JournalFiles,
    in_use: bool,
    facts: JournalFacts,
    findings: Vec<Finding>,
}

impl<'a> Reading<'a> {
    fn new(root: &'a Path, in_use: bool) -> Self {
        let files = JournalFiles::new(Arc::new(RealDisk), root.to_owned());
        let (facts, findings) = Default::default();
        Self { root, current: root.join("current"), files, in_use, facts, findings }
    }

    fn add(&mut self, path: impl Into<String>, problem: Problem) {
        self.findings.push(Finding::new(path, problem));
    }

    fn unreadable(&mut self, path: impl Into<String>, error: &DiskError) {
        let gone = self.in_use && error.is_not_found();
        let problem = if gone { Problem::Vanished } else { Problem::Unreadable(error.to_string()) };
        self.add(path, problem);
    }

    fn list(&mut self, directory: &Path, path: &str) -> Vec<Entry> {
        match RealDisk.read_dir(directory) {
            Ok(mut entries) => {
                entries.sort_by(|a, b| a.name.cmp(&b.name));
                entries
            }
            Err(error) if error.is_not_found() => Vec::new(),
            Err(error) => {
                self.unreadable(path, &error);
                Vec::new()
            }
        }
    }

    /// What lies beside `current`.
    fn surroundings(&mut self) {
        for entry in self.list(self.root, "") {
            if INTERRUPTED.contains(&entry.name.as_str()) {
                self.add(entry.name, Problem::UpgradeInterrupted);
            } else if entry.name == "previous" {
                self.add(entry.name, Problem::UpgradePending);
            }
        }
    }

    fn version(&mut self) {
        match self.files.current_version() {
            Ok(info) => self.facts.layout_version = Some(info.layout_version),
            // Whether that is bad is known when the segments are.
            Err(StorageError::Disk(error)) if error.is_not_found() => {}
            Err(StorageError::Disk(error)) => self.unreadable("current/VERSION", &error),
            Err(error) => self.add("current/VERSION", Problem::VersionFile(error.to_string())),
        }
    }

    fn small_files(&mut self) {
        self.facts.promised_epoch = self.epoch("last-promised-epoch");
        self.facts.writer_epoch = self.epoch("last-writer-epoch");
        if let Some(content) = self.small_file("committed-txid") {
            match small_files::committed(&content) {
                Ok(committed) => self.facts.committed = committed,
                Err(problem) => self.add("current/committed-txid", problem),
            }
        }
    }

    fn epoch(&mut self, name: &str) -> Epoch {
        let Some(content) = self.small_file(name) else { return Epoch::default() };
        small_files::epoch(&content).unwrap_or_else(|problem| {
            self.add(format!("current/{name}"), problem);
            Epoch::default()
        })
    }

    fn small_file(&mut self, name: &str) -> Option<Vec<u8>> {
        let file = RealDisk.open(&self.current.join(name), OpenMode::Read);
        match file.and_then(|file| file.read_to_limit(SMALL_FILE_LIMIT_BYTES)) {
            Ok(content) => Some(content),
            Err(error) if error.is_not_found() => None,
            Err(error) => {
                self.unreadable(format!("current/{name}"), &error);
                None
            }
        }
    }

    fn current(&mut self, progress: &Progress) {
        let mut segments = Vec::new();
        let current = self.current.clone();
        for entry in self.list(&current, "current") {
            let path = format!("current/{}", entry.name);
            match FileName::of(&entry.name) {
                FileName::Segment(file) => segments.push((entry.name, file)),
                FileName::Expected if entry.name == "edits.sync" => self.syncing(),
                FileName::Expected => {}
                FileName::Temporary => self.add(path, Problem::Temporary),
                FileName::PutAside => self.add(path, Problem::PutAside),
                FileName::Unknown => self.add(path, Problem::UnknownName),
            }
        }
        self.formatted(!segments.is_empty());
        for (name, _) in &segments {
            let length = std::fs::metadata(current.join(name)).map_or(0, |metadata| metadata.len());
            progress.expect(length);
        }
        segments.iter().for_each(|(name, file)| self.segment(name, *file, progress));
    }

    /// The files that a syncer was downloading.
    fn syncing(&mut self) {
        let directory = self.current.join("edits.sync");
        for entry in self.list(&directory, "current/edits.sync") {
            self.add(format!("current/edits.sync/{}", entry.name), Problem::Temporary);
        }
    }

    fn formatted(&mut self, has_edits: bool) {
        if RealDisk.kind(&self.current.join("VERSION")).is_ok_and(|kind| kind.is_none()) {
            let missing = if has_edits { Problem::VersionMissing } else { Problem::NotFormatted };
            self.add("current/VERSION", missing);
        }
    }

    fn segment(&mut self, name: &str, file: SegmentFile, progress: &Progress) {
        let path = format!("current/{name}");
        let checked = RealDisk.open(&self.current.join(name), OpenMode::Read).and_then(|opened| {
            check_segment(name, file, &Watched { source: opened.as_ref(), progress })
        });
        match checked {
            Ok((facts, problems)) => {
                self.facts.segments.push(facts);
                problems.into_iter().for_each(|problem| self.add(path.clone(), problem));
            }
            Err(error) => self.unreadable(path, &error),
        }
    }

    fn paxos(&mut self) {
        let directory = self.current.join("paxos");
        for entry in self.list(&directory, "current/paxos") {
            let path = format!("current/paxos/{}", entry.name);
            match file_name::txid(&entry.name).filter(|_| entry.kind == EntryKind::File) {
                None if entry.name.ends_with(".tmp") => self.add(path, Problem::Temporary),
                None => self.add(path, Problem::UnknownName),
                Some(first) => match self.files.paxos(first) {
                    Ok(record) => self.facts.paxos.extend(record),
                    Err(StorageError::Disk(error)) => self.unreadable(path, &error),
                    Err(error) => self.add(path, Problem::PaxosFile(error.to_string())),
                },
            }
        }
    }
}
