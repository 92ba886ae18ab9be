use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use journalnode::quorum::engine::OpDecoder;
use journalnode::storage::disk::faulty::FaultyDisk;
use journalnode::storage::disk::{Disk, EntryKind, OpenMode};
use journalnode::types::TxId;

use crate::hosts::{EDITS, ROOT};

const LIMIT_BYTES: usize = 64 << 20;

/// Whether a disk holds a formatted journal.
pub(crate) fn is_formatted(disk: &FaultyDisk) -> bool {
    let version = Path::new(ROOT).join("current/VERSION");
    matches!(disk.kind(&version), Ok(Some(EntryKind::File)))
}

/// The names of the finished segments on a disk, in order.
pub(crate) fn names(disk: &FaultyDisk) -> Vec<String> {
    let entries = disk.read_dir(&Path::new(ROOT).join("current")).unwrap_or_default();
    let names = entries.into_iter().map(|entry| entry.name);
    let mut names: Vec<_> = names.filter(|name| range_of(name).is_some()).collect();
    names.sort();
    names
}

/// The finished segments on a disk, each cut into its transactions. One that cannot be read to
/// its end has what can be read: the comparison tells.
pub(crate) fn finished(disk: &FaultyDisk) -> BTreeMap<TxId, Vec<(TxId, Bytes)>> {
    let segment = |name: String| {
        let (first, _) = range_of(&name)?;
        let mut decoder = OpDecoder::default();
        decoder.feed(&read(disk, &Path::new(ROOT).join("current").join(&name)));
        let ops = std::iter::from_fn(|| decoder.next_op().ok().flatten());
        Some((first, ops.map(|op| (op.txid, op.bytes)).collect()))
    };
    names(disk).into_iter().filter_map(segment).collect()
}

/// Every file on a disk, by its path.
pub(crate) fn files(disk: &FaultyDisk) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut directories = vec![PathBuf::from(EDITS)];
    while let Some(directory) = directories.pop() {
        for entry in disk.read_dir(&directory).unwrap_or_default() {
            let path = directory.join(&entry.name);
            if entry.kind == EntryKind::Directory {
                directories.push(path);
            } else {
                found.push((path.display().to_string(), read(disk, &path)));
            }
        }
    }
    found
}

fn read(disk: &FaultyDisk, path: &Path) -> Vec<u8> {
    let opened = disk.open(path, OpenMode::Read);
    opened.and_then(|file| file.read_to_limit(LIMIT_BYTES)).unwrap_or_default()
}

/// Of `edits_<first>-<last>`.
fn range_of(name: &str) -> Option<(TxId, TxId)> {
    let (first, last) = name.strip_prefix("edits_")?.split_once('-')?;
    Some((TxId(first.parse().ok()?), TxId(last.parse().ok()?)))
}
