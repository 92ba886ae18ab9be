use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::fs::{Advice, fadvise};

/// What is read at a time.
const READ_BYTES: usize = 1 << 20;

/// Forgets what the page cache has of every file in a folder. Their pages must be on the disk first.
pub fn drop_pages(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            drop_pages(&path)?;
        } else if path.is_file() {
            let file = File::open(&path).with_context(|| format!("open {}", path.display()))?;
            file.sync_all()?;
            fadvise(&file, 0, None, Advice::DontNeed)?;
        }
    }
    Ok(())
}

/// Reads a file once from its beginning to its end.
pub fn read_once(path: &Path) -> Result<Duration> {
    let mut buffer = vec![0; READ_BYTES];
    let begun = Instant::now();
    let mut file = File::open(path).with_context(|| format!("open {}", path.display()))?;
    while file.read(&mut buffer)? > 0 {}
    Ok(begun.elapsed())
}
