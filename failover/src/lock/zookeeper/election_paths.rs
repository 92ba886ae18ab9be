/// Where things are in ZooKeeper (`ActiveStandbyElector`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElectionPaths {
    /// The znode of the nameservice.
    pub parent: String,
    /// The lock.
    pub lock: String,
    /// The breadcrumb.
    pub breadcrumb: String,
}

impl ElectionPaths {
    /// Those of the nameservice whose znode this is.
    pub fn below(parent: &str) -> Self {
        Self {
            parent: parent.to_owned(),
            lock: format!("{parent}/ActiveStandbyElectorLock"),
            breadcrumb: format!("{parent}/ActiveBreadCrumb"),
        }
    }

    /// The znode below which this program keeps what Java does not know.
    pub fn ledger(&self) -> String {
        format!("{}/zkfc-rs", self.parent)
    }

    /// The znode of the nameservice and all above it, from the top.
    pub fn components(&self) -> Vec<&str> {
        let ends = self.parent.match_indices('/').map(|(at, _)| at).skip(1);
        ends.chain([self.parent.len()]).map(|end| &self.parent[..end]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fc_001_lock_and_breadcrumb_have_javas_names() {
        let paths = ElectionPaths::below("/hadoop-ha/ns1");
        assert_eq!(paths.lock, "/hadoop-ha/ns1/ActiveStandbyElectorLock");
        assert_eq!(paths.breadcrumb, "/hadoop-ha/ns1/ActiveBreadCrumb");
    }

    #[test]
    fn components_come_from_the_top() {
        let components = |parent: &str| ElectionPaths::below(parent).components().join(" ");
        assert_eq!(components("/hadoop-ha/ns1"), "/hadoop-ha /hadoop-ha/ns1");
        assert_eq!(components("/ns1"), "/ns1");
        assert_eq!(components("/a/b/c/ns1"), "/a /a/b /a/b/c /a/b/c/ns1");
    }
}
