use std::fmt;

/// Which NameNode: its nameservice and its name in there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameNodeId {
    /// One of `dfs.nameservices`.
    pub nameservice: String,
    /// One of `dfs.ha.namenodes.<nameservice>`.
    pub namenode: String,
}

impl NameNodeId {
    /// The NameNode of this name in this nameservice.
    pub fn new(nameservice: impl Into<String>, namenode: impl Into<String>) -> Self {
        Self { nameservice: nameservice.into(), namenode: namenode.into() }
    }
}

impl fmt::Display for NameNodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.nameservice, self.namenode)
    }
}
