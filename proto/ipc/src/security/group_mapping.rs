use std::fs;
use std::time::Duration;

use super::bounded_command::output_of;

/// Longest wait for the system to name a user's groups. Java's native mapping has no limit.
const LOOKUP_LIMIT: Duration = Duration::from_secs(10);

/// The groups of a local user. Java: `GroupMappingServiceProvider`.
pub trait GroupMapping: Send + Sync + std::fmt::Debug {
    /// Names of the groups; empty for a user the system does not know.
    fn groups(&self, user: &str) -> Vec<String>;
}

/// Nobody is in any group.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoGroups;

impl GroupMapping for NoGroups {
    fn groups(&self, _user: &str) -> Vec<String> {
        Vec::new()
    }
}

/// The groups the operating system knows: `id -Gn`, which asks the name service switch (LDAP and
/// so on), or without that program `/etc/passwd` and `/etc/group`. The answer may take seconds;
/// put a [`super::CachedGroups`] before it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemGroups;

impl GroupMapping for SystemGroups {
    fn groups(&self, user: &str) -> Vec<String> {
        if user.is_empty() || user.contains(|c: char| c.is_control() || c == ':') {
            return Vec::new();
        }
        match output_of("id", &["-Gn", "--", user], LOOKUP_LIMIT) {
            Some(names) => names.split_whitespace().map(str::to_owned).collect(),
            None => {
                let read = |path| fs::read_to_string(path).unwrap_or_default();
                groups_in_files(user, &read("/etc/passwd"), &read("/etc/group"))
            }
        }
    }
}

/// The primary group first, then those that list the user.
fn groups_in_files(user: &str, passwd: &str, group: &str) -> Vec<String> {
    let field = |line: &str, index: usize| line.split(':').nth(index).map(str::to_owned);
    let own_line = passwd.lines().find(|line| line.split(':').next() == Some(user));
    let Some(primary) = own_line.and_then(|line| field(line, 3)) else { return Vec::new() };
    let lists_user = |line: &&str| {
        line.split(':').nth(3).is_some_and(|members| members.split(',').any(|m| m.trim() == user))
    };
    let is_primary = |line: &&str| line.split(':').nth(2) == Some(primary.as_str());
    let first = group.lines().filter(is_primary);
    let others = group.lines().filter(lists_user).filter(|line| !is_primary(line));
    first.chain(others).filter_map(|line| field(line, 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_give_the_primary_group_first() {
        let passwd = "root:x:0:0::/root:/bin/sh\nhdfs:x:993:990::/var:/bin/sh\n";
        let group = "hadoop:x:980:yarn,hdfs\nbroken\nhdfs:x:990:\nother:x:7:hdfsx\n";
        assert_eq!(groups_in_files("hdfs", passwd, group), ["hdfs", "hadoop"]);
        assert!(groups_in_files("nobody", passwd, group).is_empty());
    }

    #[test]
    fn the_system_knows_root_and_no_stranger() {
        assert!(SystemGroups.groups("root").contains(&"root".to_owned()));
        assert!(SystemGroups.groups("no-such-user-here").is_empty());
        assert!(SystemGroups.groups("--help").is_empty());
        assert!(SystemGroups.groups("a\nb").is_empty());
    }
}
