use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use journalnode::editlog::encode_op;
use journalnode::engine::Effect;
use journalnode::storage::disk::RealDisk;
use journalnode::storage::{Contents, JournalStorage, Outcome, StorageError, StorageOptions};
use journalnode::types::{LayoutVersion, StorageInfo, TxId};
use tempfile::TempDir;

/// A journal in a temporary directory.
pub(crate) struct Journal {
    _directory: TempDir,
    pub(crate) root: PathBuf,
    pub(crate) storage: Option<JournalStorage>,
}

pub(crate) fn info(c_time: i64) -> StorageInfo {
    StorageInfo {
        layout_version: LayoutVersion(-66),
        namespace_id: 12345,
        cluster_id: "CID-x".to_owned(),
        c_time,
    }
}

pub(crate) fn records(first: i64, last: i64) -> Bytes {
    (first..=last).flat_map(|txid| encode_op(9, TxId(txid), b"body")).collect()
}

pub(crate) fn append(first: i64, last: i64) -> Effect {
    let records = records(first, last);
    Effect::Append { first: TxId(first), last: TxId(last), records, sync: true }
}

pub(crate) fn open_segment(first: i64) -> Effect {
    Effect::OpenSegment { first: TxId(first), layout_version: LayoutVersion::CURRENT }
}

pub(crate) fn open(root: &Path) -> Result<(JournalStorage, Contents), StorageError> {
    JournalStorage::open(Arc::new(RealDisk), root.to_owned(), StorageOptions::default())
}

impl Journal {
    /// Its directory does not exist yet.
    pub(crate) fn absent() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("j1");
        let storage = Some(open(&root).unwrap().0);
        Self { _directory: directory, root, storage }
    }

    pub(crate) fn formatted() -> Self {
        let mut journal = Self::absent();
        journal.apply(Effect::Format { info: info(1), force: false });
        journal
    }

    pub(crate) fn try_apply(&mut self, effect: Effect) -> Result<Outcome, StorageError> {
        self.storage.as_mut().unwrap().apply(&effect)
    }

    pub(crate) fn apply(&mut self, effect: Effect) -> Outcome {
        self.try_apply(effect).unwrap()
    }

    pub(crate) fn reload(&mut self, effect: Effect) -> Contents {
        match self.apply(effect) {
            Outcome::Reloaded(contents) => contents,
            outcome => panic!("{outcome:?}"),
        }
    }

    pub(crate) fn java_class_of(&mut self, effect: Effect) -> &'static str {
        let class = self.try_apply(effect).unwrap_err().java_class();
        class.rsplit('.').next().unwrap()
    }

    pub(crate) fn restart(&mut self) -> Result<Contents, StorageError> {
        self.storage = None;
        let (storage, contents) = open(&self.root)?;
        self.storage = Some(storage);
        Ok(contents)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Creates an empty file, or a directory if the name ends with a slash.
    pub(crate) fn put(&self, name: &str) {
        let path = self.path(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).unwrap();
        } else {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
    }

    pub(crate) fn names(&self, directory: &str) -> BTreeSet<String> {
        let entries = fs::read_dir(self.path(directory)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

pub(crate) fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
