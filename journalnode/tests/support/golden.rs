//! The directories that Hadoop wrote, as they are kept in `tests/golden`.

use std::fs;
use std::path::{Path, PathBuf};

/// Length of a segment file that was preallocated once, in bytes.
pub(crate) const PREALLOCATED_BYTES: usize = 1024 * 1024;

/// A file or directory of `tests/golden`.
pub(crate) fn golden(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(path)
}

/// Copies a golden directory, with the padding that was left out.
pub(crate) fn unpack(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            unpack(&entry.path(), &to.join(name));
        } else {
            let mut content = fs::read(entry.path()).unwrap();
            if name.ends_with(".padded") {
                content.resize(PREALLOCATED_BYTES, 0xFF);
            }
            fs::write(to.join(name.trim_end_matches(".padded")), content).unwrap();
        }
    }
}
