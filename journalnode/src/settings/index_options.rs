use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use hadoop_ipc::conf::Configuration;

use super::{SettingsError, keys};
use crate::index::IndexOptions;

/// 16 MiB: an hour of a busy NameNode's edits is read in seconds, and a disk that takes edits
/// hardly feels it.
const BANDWIDTH: i64 = 16 << 20;
const OFF: &str = "off";
const SUFFIX: &str = "-index";

pub(super) fn index_options(
    conf: &Configuration,
    edits_dir: &Path,
    by_nameservice: &BTreeMap<String, PathBuf>,
) -> Result<IndexOptions, SettingsError> {
    let bandwidth = conf.long_bytes_or(keys::INDEX_BANDWIDTH, BANDWIDTH)?;
    let bandwidth = u64::try_from(bandwidth).ok().filter(|rate| *rate > 0);
    let directory = match conf.trimmed(keys::INDEX_DIR)? {
        Some(off) if off.eq_ignore_ascii_case(OFF) => None,
        Some(configured) => Some(PathBuf::from(configured)),
        None => beside(edits_dir),
    };
    if let Some(directory) = &directory {
        check(directory, by_nameservice.values().map(PathBuf::as_path).chain([edits_dir]))?;
    }
    Ok(IndexOptions { directory, bandwidth })
}

/// `/data/jn` gets `/data/jn-index`. The root of a file system has nothing beside it, and an
/// edits directory that is not absolute is refused later.
fn beside(edits_dir: &Path) -> Option<PathBuf> {
    let mut name = OsString::from(edits_dir.file_name()?);
    name.push(SUFFIX);
    edits_dir.is_absolute().then(|| edits_dir.with_file_name(name))
}

fn check<'a>(
    directory: &Path,
    mut edits_dirs: impl Iterator<Item = &'a Path>,
) -> Result<(), SettingsError> {
    let plain = without_dots(directory);
    let reason = if !directory.is_absolute() {
        "should be an absolute path, or off"
    } else if edits_dirs.any(|edits| plain.starts_with(without_dots(edits))) {
        "lies inside an edits directory, where Java's JournalNode takes every directory for a \
         journal; put it beside, or set it to off"
    } else {
        return Ok(());
    };
    let value = directory.display().to_string();
    Err(SettingsError::Value { key: keys::INDEX_DIR, value, reason })
}

/// `/a/../b/.` is `/b`. Links are taken for what they are called.
fn without_dots(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, component| {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            other => plain.push(other),
        }
        plain
    })
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    fn options(pairs: &[(&str, &str)]) -> Result<IndexOptions, SettingsError> {
        let mut conf = Configuration::empty(Environment::empty());
        pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
        let own = BTreeMap::from([("ns1".to_owned(), PathBuf::from("/data/ns1"))]);
        index_options(&conf, Path::new("/data/jn/"), &own)
    }

    fn directory(value: &str) -> Option<PathBuf> {
        options(&[(keys::INDEX_DIR, value)]).unwrap().directory
    }

    #[test]
    fn beside_the_edits_unless_told_otherwise() {
        let default = IndexOptions {
            directory: Some(PathBuf::from("/data/jn-index")),
            bandwidth: Some(16 << 20),
        };
        assert_eq!(options(&[]).unwrap(), default);
        assert_eq!(directory("/ssd/index"), Some(PathBuf::from("/ssd/index")));
        assert_eq!((directory("off"), directory(" OFF ")), (None, None));
        let fast = options(&[(keys::INDEX_BANDWIDTH, "0")]).unwrap();
        assert_eq!(fast.bandwidth, None);
        assert_eq!((beside(Path::new("/")), beside(Path::new("edits"))), (None, None));
    }

    #[test]
    fn inside_an_edits_directory_it_is_refused() {
        for inside in ["/data/jn", "/data/jn/index", "/data/ns1/x", "/ssd/../data/./jn/x"] {
            let refused = options(&[(keys::INDEX_DIR, inside)]).unwrap_err().to_string();
            assert!(refused.contains("inside an edits directory"), "{refused}");
        }
        for beside in ["/data", "/data/jn2", "/data/jn/../index"] {
            assert_eq!(directory(beside), Some(PathBuf::from(beside)));
        }
        let relative = options(&[(keys::INDEX_DIR, "index")]).unwrap_err().to_string();
        assert!(relative.contains("absolute"), "{relative}");
    }
}
