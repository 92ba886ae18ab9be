//! `VERSION`: which namespace a directory belongs to, as Java properties (`StorageInfo`).

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;
use std::time::SystemTime;

use super::atomic_file;
use super::disk::{Disk, DiskError, OpenMode};
use super::error::StorageError;
use super::java_date::java_date;
use super::properties;
use crate::types::{LayoutVersion, StorageInfo};

/// Longest VERSION that is read, in bytes.
const VERSION_LIMIT_BYTES: usize = 64 * 1024;
/// What every VERSION of a JournalNode says (`NodeType.JOURNAL_NODE`).
const STORAGE_TYPE: &str = "JOURNAL_NODE";
/// The layouts for which Java asks for a cluster id: since federation, up to its own.
const CLUSTER_ID_SINCE: LayoutVersion = LayoutVersion(-35);

/// Reads a VERSION file of the journal in `root`. A missing one is a `NotFound`.
pub(super) fn read(disk: &dyn Disk, root: &Path, path: &Path) -> Result<StorageInfo, StorageError> {
    let content = disk.open(path, OpenMode::Read)?.read_to_limit(VERSION_LIMIT_BYTES)?;
    parse(&content, root, path)
}

/// The content of a VERSION file. The paths are for messages.
pub(super) fn parse(content: &[u8], root: &Path, path: &Path) -> Result<StorageInfo, StorageError> {
    let properties =
        properties::parse(content).map_err(|e| StorageError::corrupt(path, e.to_string()))?;
    decode(&Properties { properties, root, path })
}

/// Replaces a VERSION file. Java overwrites it in place; this cannot leave half of it.
pub(super) fn write(
    disk: &dyn Disk,
    path: &Path,
    info: &StorageInfo,
    now: SystemTime,
) -> Result<(), DiskError> {
    atomic_file::replace(disk, path, encode(info, now).as_bytes())
}

/// The keys in the order in which Java's hash table gives them.
pub(super) fn encode(info: &StorageInfo, now: SystemTime) -> String {
    let entries = [
        ("namespaceID", info.namespace_id.to_string()),
        ("storageType", STORAGE_TYPE.to_owned()),
        ("cTime", info.c_time.to_string()),
        ("clusterID", info.cluster_id.clone()),
        ("layoutVersion", info.layout_version.to_string()),
    ];
    let lines = entries.iter().map(|(key, value)| properties::encode(key, value));
    format!("#{}\n{}", java_date(now), lines.collect::<String>())
}

struct Properties<'a> {
    properties: BTreeMap<String, String>,
    root: &'a Path,
    path: &'a Path,
}

impl Properties<'_> {
    fn text(&self, key: &str) -> Result<&str, StorageError> {
        self.properties.get(key).map(String::as_str).ok_or_else(|| {
            StorageError::inconsistent(self.root, format!("file VERSION has {key} missing."))
        })
    }

    fn number<T: FromStr>(&self, key: &str) -> Result<T, StorageError> {
        let text = self.text(key)?;
        text.parse().map_err(|_| StorageError::corrupt(self.path, format!("{key} is {text:?}")))
    }
}

fn decode(properties: &Properties<'_>) -> Result<StorageInfo, StorageError> {
    let layout_version = LayoutVersion(properties.number("layoutVersion")?);
    let namespace_id = properties.number("namespaceID")?;
    let c_time = properties.number("cTime")?;
    let cluster_id = match properties.text("clusterID") {
        Err(error) if needs_cluster_id(layout_version) => return Err(error),
        cluster_id => cluster_id.unwrap_or_default().to_owned(),
    };
    check_storage_type(properties)?;
    Ok(StorageInfo { layout_version, namespace_id, cluster_id, c_time })
}

fn needs_cluster_id(layout_version: LayoutVersion) -> bool {
    (LayoutVersion::CURRENT..=CLUSTER_ID_SINCE).contains(&layout_version)
}

fn check_storage_type(properties: &Properties<'_>) -> Result<(), StorageError> {
    let there = properties.text("storageType")?;
    if there == STORAGE_TYPE {
        return Ok(());
    }
    let reason = format!(
        "Incompatible node types: storageType={STORAGE_TYPE} but StorageDirectory type={there}"
    );
    Err(StorageError::inconsistent(properties.root, reason))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    const GOLDEN: &str = "#Mon Nov 23 01:32:26 UTC 2026\nnamespaceID=1711363522\n\
        storageType=JOURNAL_NODE\ncTime=1795397546541\n\
        clusterID=CID-b561e103-89fe-47ce-bd1c-9afd327b4bb5\nlayoutVersion=-67\n";

    fn golden_info() -> StorageInfo {
        StorageInfo {
            layout_version: LayoutVersion(-67),
            namespace_id: 1_711_363_522,
            cluster_id: "CID-b561e103-89fe-47ce-bd1c-9afd327b4bb5".into(),
            c_time: 1_795_397_546_541,
        }
    }

    fn parse(content: &str) -> Result<StorageInfo, StorageError> {
        super::parse(content.as_bytes(), Path::new("/j"), Path::new("/j/VERSION"))
    }

    #[test]
    fn jn_110_written_as_hadoop_wrote_it() {
        let now = UNIX_EPOCH + Duration::from_secs(1_795_397_546);
        assert_eq!(encode(&golden_info(), now), GOLDEN);
        assert_eq!(parse(GOLDEN).unwrap(), golden_info());
    }

    #[test]
    fn jn_110_keys_come_in_any_order_with_escapes() {
        let shuffled = "layoutVersion : -99\n! x\nclusterID=a\\:b\\=c\\u00e4\n\
            cTime 0\nstorageType=JOURNAL_NODE\nnamespaceID=12345\nextra=1";
        let info = parse(shuffled).unwrap();
        assert_eq!((info.layout_version.0, info.cluster_id.as_str()), (-99, "a:b=cä"));
    }

    #[test]
    fn jn_111_a_missing_key_or_a_foreign_type_is_inconsistent() {
        for key in ["namespaceID", "storageType", "cTime", "clusterID", "layoutVersion"] {
            let without: String =
                GOLDEN.split_inclusive('\n').filter(|line| !line.starts_with(key)).collect();
            let error = parse(&without).unwrap_err();
            assert!(error.to_string().contains(&format!("file VERSION has {key} missing.")));
            assert!(error.java_class().ends_with("InconsistentFSStateException"));
        }
        let error = parse(&GOLDEN.replace("JOURNAL_NODE", "NAME_NODE")).unwrap_err();
        assert!(error.java_class().ends_with("InconsistentFSStateException"));
    }
}
