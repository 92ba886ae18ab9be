use std::collections::BTreeSet;

use zookeeper_client::{Acl, AuthId, Permission};

use crate::lock::AclEntry;

const BITS: [(u8, Permission); 5] = [
    (1, Permission::READ),
    (2, Permission::WRITE),
    (4, Permission::CREATE),
    (8, Permission::DELETE),
    (16, Permission::ADMIN),
];

pub(super) fn to_wire(acl: &[AclEntry]) -> Vec<Acl> {
    acl.iter()
        .map(|entry| Acl::new(permission(entry), AuthId::new(&entry.scheme, &entry.id)))
        .collect()
}

fn permission(entry: &AclEntry) -> Permission {
    let set = BITS.into_iter().filter(|(bit, _)| entry.permissions & bit != 0);
    set.fold(Permission::NONE, |sum, (_, permission)| sum | permission)
}

pub(super) fn from_wire(acl: &[Acl]) -> Vec<AclEntry> {
    let entry = |acl: &Acl| AclEntry {
        scheme: acl.scheme().to_owned(),
        id: acl.id().to_owned(),
        permissions: BITS
            .into_iter()
            .filter(|(_, permission)| acl.permission().has(*permission))
            .fold(0, |sum, (bit, _)| sum | bit),
    };
    acl.iter().map(entry).collect()
}

/// Whether two lists let the same ones do the same; order and repetition say nothing.
pub(super) fn are_equal(one: &[AclEntry], other: &[AclEntry]) -> bool {
    one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fc_010_order_says_nothing() {
        let list = |text| AclEntry::parse_list(text).unwrap();
        let (one, other) = ("world:anyone:r,digest:a:b:rwcda", "digest:a:b:adcwr,world:anyone:r");
        assert!(are_equal(&list(one), &list(other)));
        assert!(!are_equal(&list(one), &list("world:anyone:r")));
    }

    #[test]
    fn every_permission_survives_the_wire() {
        let acl = AclEntry::parse_list("world:anyone:rwcda,digest:u:p:rc,sasl:x:").unwrap();
        assert_eq!(from_wire(&to_wire(&acl)), acl);
    }
}
