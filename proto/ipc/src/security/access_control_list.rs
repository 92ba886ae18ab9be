use crate::conf::{java_trim, trimmed_strings};

use super::group_mapping::GroupMapping;

/// Who is admitted: `user,user group,group`, or `*` for everybody. A list that begins with a
/// space names groups only; an empty one admits nobody. Java: `AccessControlList`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessControlList {
    everybody: bool,
    users: Vec<String>,
    groups: Vec<String>,
}

impl AccessControlList {
    /// Any text is a list: users up to the first space, groups after it.
    pub fn parse(text: &str) -> AccessControlList {
        let (users, groups) = text.split_once(' ').unwrap_or((text, ""));
        let everybody = [users, groups].iter().any(|part| java_trim(part) == "*");
        let list = |part| if everybody { Vec::new() } else { trimmed_strings(part) };
        AccessControlList { everybody, users: list(users), groups: list(groups) }
    }

    /// Whether it admits the user of this short name. Groups are asked for only when the list
    /// names some and the user's own name does not decide.
    pub fn admits(&self, user: &str, mapping: &dyn GroupMapping) -> bool {
        if self.everybody || self.users.iter().any(|known| known == user) {
            return true;
        }
        !self.groups.is_empty()
            && mapping.groups(user).iter().any(|group| self.groups.contains(group))
    }
}

#[cfg(test)]
mod tests {
    use super::super::group_mapping::NoGroups;
    use super::*;

    /// Rows printed by Hadoop 3.4.3's AccessControlList.
    #[test]
    fn lists_are_read_as_java_reads_them() {
        let rows: [(&str, bool, &str, &str); 15] = [
            ("*", true, "", ""),
            (" * ", true, "", ""),
            ("u", false, "u", ""),
            ("u,v", false, "u,v", ""),
            ("u g", false, "u", "g"),
            ("u,v g,h", false, "u,v", "g,h"),
            (" g", false, "", "g"),
            (" ", false, "", ""),
            ("", false, "", ""),
            ("u * ", true, "", ""),
            ("* g", true, "", ""),
            ("u *", true, "", ""),
            ("u, v g", false, "u", "v g"),
            ("u  g", false, "u", "g"),
            ("a,* b", false, "a,*", "b"),
        ];
        for (text, everybody, users, groups) in rows {
            let acl = AccessControlList::parse(text);
            let read = (acl.everybody, acl.users.join(","), acl.groups.join(","));
            assert_eq!(read, (everybody, users.to_owned(), groups.to_owned()), "{text:?}");
        }
    }

    #[derive(Debug)]
    struct Panicking;

    impl GroupMapping for Panicking {
        fn groups(&self, _user: &str) -> Vec<String> {
            panic!("asked for groups")
        }
    }

    #[test]
    fn groups_are_asked_for_only_when_they_matter() {
        assert!(AccessControlList::parse("u g").admits("u", &Panicking));
        assert!(!AccessControlList::parse("u").admits("v", &Panicking));
        assert!(AccessControlList::parse("*").admits("v", &Panicking));
        assert!(!AccessControlList::parse("u g").admits("v", &NoGroups));
    }
}
