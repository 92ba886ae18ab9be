use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::golden::{golden, unpack};

/// A directory that a JournalNode of Hadoop wrote, to be spoiled.
pub struct GoldenCopy {
    directory: TempDir,
}

impl GoldenCopy {
    pub fn of(name: &str) -> Self {
        let directory = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
        unpack(&golden(name), &directory.path().join("journal"));
        // It holds the process id of then; only a lock on it would mean something.
        let _ = fs::remove_file(directory.path().join("journal/in_use.lock"));
        Self { directory }
    }

    /// The edits directory.
    pub fn edits(&self) -> &Path {
        self.directory.path()
    }

    pub fn root(&self) -> PathBuf {
        self.directory.path().join("journal")
    }

    /// A file of `current`.
    pub fn file(&self, name: &str) -> PathBuf {
        self.root().join("current").join(name)
    }

    /// Changes a file of `current`.
    pub fn change(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut content = fs::read(self.file(name)).unwrap();
        change(&mut content);
        fs::write(self.file(name), content).unwrap();
    }

    /// Everything in it: names and contents.
    pub fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(self.directory.path(), &mut files);
        files.sort();
        files
    }
}

fn collect(directory: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), files);
            files.push((entry.path(), Vec::new()));
        } else {
            files.push((entry.path(), fs::read(entry.path()).unwrap()));
        }
    }
}
