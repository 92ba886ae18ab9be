use std::fmt;

use thiserror::Error;

const READ: u8 = 1;
const WRITE: u8 = 2;
const CREATE: u8 = 4;
const DELETE: u8 = 8;
const ADMIN: u8 = 16;
const ALL: u8 = READ | WRITE | CREATE | DELETE | ADMIN;

/// One of those who may do something with a znode, as `ha.zookeeper.acl` has it:
/// `scheme:id:permissions`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AclEntry {
    /// How the one is recognised: `world`, `digest`, `sasl`, `ip`, `x509`, `auth`.
    pub scheme: String,
    /// Who it is, in terms of the scheme. It may hold colons.
    pub id: String,
    /// Sum of 1 (read), 2 (write), 4 (create), 8 (delete) and 16 (administer).
    pub permissions: u8,
}

/// A list that Java's `ZKUtil.parseACLs` would not take either.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadAcl {
    /// Not three parts.
    #[error("{entry:?} is not of the form scheme:id:permissions")]
    Form {
        /// The entry.
        entry: String,
    },
    /// An unknown permission.
    #[error("{letter:?} in {entry:?} is no permission; they are r, w, c, d and a")]
    Permission {
        /// The letter.
        letter: char,
        /// The entry.
        entry: String,
    },
}

impl AclEntry {
    /// Whoever created the znode may do anything with it.
    pub fn creator_all() -> Self {
        Self { scheme: "auth".to_owned(), id: String::new(), permissions: ALL }
    }

    /// Reads a list with commas between its entries. An empty one is "the creator may do all".
    pub fn parse_list(text: &str) -> Result<Vec<Self>, BadAcl> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let acl: Vec<Self> = entries.map(Self::parse).collect::<Result<_, _>>()?;
        Ok(if acl.is_empty() { vec![Self::creator_all()] } else { acl })
    }

    fn parse(entry: &str) -> Result<Self, BadAcl> {
        let form = || BadAcl::Form { entry: entry.to_owned() };
        let (scheme, rest) = entry.split_once(':').ok_or_else(form)?;
        let (id, letters) = rest.rsplit_once(':').ok_or_else(form)?;
        let permissions = letters.chars().try_fold(0, |sum, letter| {
            permission(letter)
                .map(|bit| sum | bit)
                .ok_or_else(|| BadAcl::Permission { letter, entry: entry.to_owned() })
        })?;
        Ok(Self { scheme: scheme.to_owned(), id: id.to_owned(), permissions })
    }
}

impl fmt::Display for AclEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.scheme, self.id)?;
        let letters = ['r', 'w', 'c', 'd', 'a'].into_iter();
        letters
            .filter(|letter| permission(*letter).is_some_and(|bit| self.permissions & bit != 0))
            .try_for_each(|letter| write!(f, "{letter}"))
    }
}

fn permission(letter: char) -> Option<u8> {
    Some(match letter {
        'r' => READ,
        'w' => WRITE,
        'c' => CREATE,
        'd' => DELETE,
        'a' => ADMIN,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(scheme: &str, id: &str, permissions: u8) -> AclEntry {
        AclEntry { scheme: scheme.to_owned(), id: id.to_owned(), permissions }
    }

    #[test]
    fn fc_012_an_id_may_hold_colons_and_blanks_do_not_matter() {
        let acl = AclEntry::parse_list(" digest:hdfs:V5JHq+/aaa=:rwcda ,, sasl:hdfs/nn@R:rwcd,");
        let expected = [entry("digest", "hdfs:V5JHq+/aaa=", 31), entry("sasl", "hdfs/nn@R", 15)];
        assert_eq!(acl.unwrap(), expected);
        assert_eq!(AclEntry::parse_list("world:anyone:a").unwrap(), [entry("world", "anyone", 16)]);
        assert_eq!(AclEntry::parse_list("auth::cdrwa").unwrap(), [AclEntry::creator_all()]);
    }

    #[test]
    fn fc_012_an_empty_list_leaves_all_to_the_creator() {
        for empty in ["", " ", ",", " , ,"] {
            assert_eq!(AclEntry::parse_list(empty).unwrap(), [AclEntry::creator_all()]);
        }
    }

    #[test]
    fn what_is_no_permission_is_refused() {
        let bad = AclEntry::parse_list("world:anyone:rwx").unwrap_err();
        assert!(bad.to_string().contains("'x'"), "{bad}");
        for form in ["world", "world:rwcda", "just text"] {
            assert!(AclEntry::parse_list(form).is_err(), "{form}");
        }
    }

    #[test]
    fn an_entry_is_shown_as_it_is_written() {
        let text = "digest:hdfs:abc=:rwcda";
        assert_eq!(AclEntry::parse_list(text).unwrap()[0].to_string(), text);
    }
}
