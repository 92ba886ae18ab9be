use std::fmt;
use std::path::{Path, PathBuf};

/// The file system that a directory is on, as an operator knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mount {
    point: PathBuf,
    source: String,
}

impl Mount {
    /// Of this process, as the kernel lists it now.
    pub(super) fn of(directory: &Path) -> Option<Self> {
        Self::find(&std::fs::read_to_string("/proc/self/mountinfo").ok()?, directory)
    }

    /// The deepest mount point above the directory; of several at one place the last one, which
    /// covers the others (proc(5), `mountinfo`).
    fn find(mountinfo: &str, directory: &Path) -> Option<Self> {
        let mounts = mountinfo.lines().filter_map(Self::parse);
        let above = mounts.filter(|mount| directory.starts_with(&mount.point));
        above.max_by_key(|mount| mount.point.components().count())
    }

    fn parse(line: &str) -> Option<Self> {
        let (place, device) = line.split_once(" - ")?;
        let point = unescape(place.split(' ').nth(4)?);
        Some(Self { point: point.into(), source: unescape(device.split(' ').nth(1)?) })
    }
}

impl fmt::Display for Mount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} mounted at {}", self.source, self.point.display())
    }
}

/// The kernel writes blanks and backslashes in octal.
fn unescape(field: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(field.to_owned(), |text, (code, character)| text.replace(code, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTINFO: &str = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /var/hadoop rw shared:7 - tmpfs old rw
31 22 254:16 / /var/hadoop rw,noatime shared:9 - xfs /dev/vdb1 rw
32 22 254:32 / /var/hadoop\\040two rw - ext4 /dev/vdc rw
";

    #[test]
    fn the_deepest_and_newest_mount_is_named() {
        let named = |path: &str| Mount::find(MOUNTINFO, Path::new(path)).unwrap().to_string();
        assert_eq!(named("/var/hadoop/journal/ns1"), "/dev/vdb1 mounted at /var/hadoop");
        assert_eq!(named("/var/hadoop two/x"), "/dev/vdc mounted at /var/hadoop two");
        assert_eq!(named("/var/hadoops"), "/dev/vda mounted at /");
    }

    #[test]
    fn nonsense_names_nothing() {
        assert_eq!(Mount::find("a b c\n\n1 2 3 - 4", Path::new("/var")), None);
        assert!(Mount::of(Path::new("/")).is_some());
    }
}
