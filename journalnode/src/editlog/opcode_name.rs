use super::OP_INVALID;

/// In the order of their numbers, from 0 (`FSEditLogOpCodes` of Hadoop 3.4).
const NAMES: [&str; 53] = [
    "OP_ADD",
    "OP_RENAME_OLD",
    "OP_DELETE",
    "OP_MKDIR",
    "OP_SET_REPLICATION",
    "OP_DATANODE_ADD",
    "OP_DATANODE_REMOVE",
    "OP_SET_PERMISSIONS",
    "OP_SET_OWNER",
    "OP_CLOSE",
    "OP_SET_GENSTAMP_V1",
    "OP_SET_NS_QUOTA",
    "OP_CLEAR_NS_QUOTA",
    "OP_TIMES",
    "OP_SET_QUOTA",
    "OP_RENAME",
    "OP_CONCAT_DELETE",
    "OP_SYMLINK",
    "OP_GET_DELEGATION_TOKEN",
    "OP_RENEW_DELEGATION_TOKEN",
    "OP_CANCEL_DELEGATION_TOKEN",
    "OP_UPDATE_MASTER_KEY",
    "OP_REASSIGN_LEASE",
    "OP_END_LOG_SEGMENT",
    "OP_START_LOG_SEGMENT",
    "OP_UPDATE_BLOCKS",
    "OP_CREATE_SNAPSHOT",
    "OP_DELETE_SNAPSHOT",
    "OP_RENAME_SNAPSHOT",
    "OP_ALLOW_SNAPSHOT",
    "OP_DISALLOW_SNAPSHOT",
    "OP_SET_GENSTAMP_V2",
    "OP_ALLOCATE_BLOCK_ID",
    "OP_ADD_BLOCK",
    "OP_ADD_CACHE_DIRECTIVE",
    "OP_REMOVE_CACHE_DIRECTIVE",
    "OP_ADD_CACHE_POOL",
    "OP_MODIFY_CACHE_POOL",
    "OP_REMOVE_CACHE_POOL",
    "OP_MODIFY_CACHE_DIRECTIVE",
    "OP_SET_ACL",
    "OP_ROLLING_UPGRADE_START",
    "OP_ROLLING_UPGRADE_FINALIZE",
    "OP_SET_XATTR",
    "OP_REMOVE_XATTR",
    "OP_SET_STORAGE_POLICY",
    "OP_TRUNCATE",
    "OP_APPEND",
    "OP_SET_QUOTA_BY_STORAGETYPE",
    "OP_ADD_ERASURE_CODING_POLICY",
    "OP_ENABLE_ERASURE_CODING_POLICY",
    "OP_DISABLE_ERASURE_CODING_POLICY",
    "OP_REMOVE_ERASURE_CODING_POLICY",
];

/// Hadoop's name of an opcode; `None` for one that Hadoop 3.4 does not have.
pub fn opcode_name(opcode: u8) -> Option<&'static str> {
    match opcode {
        OP_INVALID => Some("OP_INVALID"),
        _ => NAMES.get(usize::from(opcode)).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_hadoop() {
        for (opcode, name) in [
            (0, "OP_ADD"),
            (9, "OP_CLOSE"),
            (24, "OP_START_LOG_SEGMENT"),
            (47, "OP_APPEND"),
            (52, "OP_REMOVE_ERASURE_CODING_POLICY"),
            (255, "OP_INVALID"),
        ] {
            assert_eq!(opcode_name(opcode), Some(name));
        }
        assert_eq!((opcode_name(53), opcode_name(254)), (None, None));
    }
}
