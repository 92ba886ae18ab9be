use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::fs::{Access, access};
use thiserror::Error;

use crate::types::JournalId;

/// Where journals live: `dfs.journalnode.edits.dir`, and
/// `dfs.journalnode.edits.dir.<nameservice>` for nameservices that have their own.
#[derive(Debug)]
pub struct EditsDirectories {
    default: PathBuf,
    by_nameservice: BTreeMap<String, PathBuf>,
    checked: Mutex<BTreeSet<PathBuf>>,
}

/// An edits directory that cannot be used.
#[derive(Debug, Error)]
pub enum DirectoryError {
    /// Java insists on it too.
    #[error("Journal dir '{0}' should be an absolute path; correct dfs.journalnode.edits.dir")]
    NotAbsolute(PathBuf),
    /// It could not be made, or not be used.
    #[error(
        "Edits directory {directory} cannot be used: {source}; make it a directory that this user \
         may read, write and enter, or change dfs.journalnode.edits.dir"
    )]
    Unusable {
        /// Which.
        directory: PathBuf,
        /// What the system reported.
        source: io::Error,
    },
}

impl EditsDirectories {
    /// Takes the directories as configured. None is touched yet.
    pub fn new(default: PathBuf, by_nameservice: BTreeMap<String, PathBuf>) -> Self {
        Self { default, by_nameservice, checked: Mutex::default() }
    }

    /// The directory for journals of this nameservice, made and checked when first used.
    /// An absent nameservice and the empty one are the same.
    pub fn base(&self, nameservice: Option<&str>) -> Result<&Path, DirectoryError> {
        let own = nameservice.and_then(|name| self.by_nameservice.get(name));
        let base = own.unwrap_or(&self.default);
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if !checked.contains(base) {
            check(base)?;
            checked.insert(base.clone());
        }
        Ok(base)
    }

    /// Every directory that was used so far.
    pub fn used(&self) -> BTreeSet<PathBuf> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether this is where a request would find the journal. Its edits directory counts as
    /// used from now on.
    pub fn adopts(&self, directory: &Path, id: &JournalId) -> bool {
        let Some(base) = self.existing(id).filter(|base| base.join(id.as_str()) == directory)
        else {
            return false;
        };
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        checked.insert(base.to_owned());
        true
    }

    /// The directory where this journal exists already, looking at all of them: HTTP requests
    /// do not say which nameservice they mean.
    pub fn existing(&self, id: &JournalId) -> Option<&Path> {
        std::iter::once(&self.default)
            .chain(self.by_nameservice.values())
            .find(|base| base.join(id.as_str()).is_dir())
            .map(PathBuf::as_path)
    }
}

fn check(directory: &Path) -> Result<(), DirectoryError> {
    if !directory.is_absolute() {
        return Err(DirectoryError::NotAbsolute(directory.to_owned()));
    }
    let unusable = |source| DirectoryError::Unusable { directory: directory.to_owned(), source };
    std::fs::create_dir_all(directory).map_err(unusable)?;
    access(directory, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK)
        .map_err(|error| unusable(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jn_043_a_nameservice_has_its_own_directory_if_configured() {
        let root = tempfile::tempdir().unwrap();
        let own = BTreeMap::from([("ns1".to_owned(), root.path().join("one"))]);
        let directories = EditsDirectories::new(root.path().join("plain"), own);
        assert_eq!(directories.base(Some("ns1")).unwrap(), root.path().join("one"));
        for plain in [None, Some(""), Some("ns2")] {
            assert_eq!(directories.base(plain).unwrap(), root.path().join("plain"));
        }
        assert_eq!(directories.used().len(), 2);
    }

    #[test]
    fn a_relative_directory_is_refused() {
        let directories = EditsDirectories::new("edits".into(), BTreeMap::new());
        assert!(matches!(directories.base(None), Err(DirectoryError::NotAbsolute(_))));
    }

    #[test]
    fn a_file_in_the_way_is_reported() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let directories = EditsDirectories::new(file.path().join("edits"), BTreeMap::new());
        assert!(matches!(directories.base(None), Err(DirectoryError::Unusable { .. })));
    }
}
