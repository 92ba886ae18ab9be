use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::SegmentFile;

/// The directory of one journal on one JournalNode.
#[derive(Debug, Clone)]
pub struct JournalDir {
    root: PathBuf,
}

impl JournalDir {
    /// The journal kept in `root`, which holds `current`.
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder that holds `current`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where segments and epochs are.
    pub fn current(&self) -> PathBuf {
        self.root.join("current")
    }

    /// Where an upgrade keeps the state before it.
    pub fn previous(&self) -> PathBuf {
        self.root.join("previous")
    }

    /// Names of the files in `current`.
    pub fn files(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for path in entries(&self.current())? {
            if path.is_file() {
                names.push(name_of(&path));
            }
        }
        names.sort();
        Ok(names)
    }

    /// Finalized segments by first transaction.
    pub fn finalized(&self) -> Result<Vec<SegmentFile>> {
        let mut segments: Vec<_> =
            entries(&self.current())?.iter().filter_map(|path| SegmentFile::parse(path)).collect();
        segments.sort();
        Ok(segments)
    }

    /// First transactions of the in-progress segments, stale and empty ones not counted.
    pub fn in_progress(&self) -> Result<Vec<u64>> {
        let names = self.files()?;
        let open = names.iter().filter_map(|n| n.strip_prefix("edits_inprogress_")?.parse().ok());
        Ok(open.collect())
    }

    /// The promise that fences older writers.
    pub fn last_promised_epoch(&self) -> Result<u64> {
        let file = self.current().join("last-promised-epoch");
        let text = fs::read_to_string(&file).with_context(|| format!("read {}", file.display()))?;
        Ok(text.trim().parse()?)
    }

    /// Every file of `current`, with its bytes.
    pub fn contents(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut contents = BTreeMap::new();
        for name in self.files()? {
            let bytes = fs::read(self.current().join(&name))?;
            contents.insert(name, bytes);
        }
        Ok(contents)
    }

    /// Fails where a segment that is finalized on several of `nodes` differs between them,
    /// and returns how many segments at least two of them hold.
    pub fn ensure_equal(nodes: &[JournalDir]) -> Result<usize> {
        let mut copies: BTreeMap<(u64, u64), Vec<SegmentFile>> = BTreeMap::new();
        for node in nodes {
            for segment in node.finalized()? {
                copies.entry((segment.first, segment.last)).or_default().push(segment);
            }
        }
        copies.retain(|_, held| held.len() > 1);
        for held in copies.values() {
            let first = held[0].content()?;
            for other in &held[1..] {
                let (a, b) = (held[0].path.display(), other.path.display());
                ensure!(other.content()? == first, "{a} and {b} differ");
            }
        }
        Ok(copies.len())
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let list = fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))?;
    Ok(list.map(|entry| entry.map(|e| e.path())).collect::<std::io::Result<_>>()?)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
