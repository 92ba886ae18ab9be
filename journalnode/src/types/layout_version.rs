use std::fmt;

/// The version of the edit-log format, negative and counting down: -67 is Hadoop 3.4's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayoutVersion(pub i32);

impl LayoutVersion {
    /// What Hadoop 3.4 writes (`NameNodeLayoutVersion.CURRENT_LAYOUT_VERSION`).
    pub const CURRENT: Self = Self(-67);
    /// The oldest that has a flags word after the version (`ADD_LAYOUT_FLAGS`).
    pub const ADD_LAYOUT_FLAGS: Self = Self(-50);
    /// The oldest whose operations are prefixed with their length (`EDITLOG_LENGTH`).
    pub const EDITLOG_LENGTH: Self = Self(-56);
    /// The oldest that Java reads at all (`Storage.LAST_UPGRADABLE_LAYOUT_VERSION`).
    pub const OLDEST_READABLE: Self = Self(-16);

    /// Whether this version has a feature that `since` brought in.
    pub fn supports(self, since: Self) -> bool {
        self <= since
    }
}

impl fmt::Display for LayoutVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
