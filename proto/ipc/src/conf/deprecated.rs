/// Old names of the keys our daemons read, with the names that replaced them.
/// Java: `Configuration.defaultDeprecations`, `HdfsConfiguration.addDeprecatedKeys`.
const DEPRECATED: [(&str, &str); 10] = [
    ("dfs.federation.nameservice.id", "dfs.nameservice.id"),
    ("dfs.federation.nameservices", "dfs.nameservices"),
    ("dfs.http.address", "dfs.namenode.http-address"),
    ("dfs.https.address", "dfs.namenode.https-address"),
    ("dfs.https.need.client.auth", "dfs.client.https.need-auth"),
    ("dfs.name.dir", "dfs.namenode.name.dir"),
    ("dfs.name.edits.dir", "dfs.namenode.edits.dir"),
    ("dfs.secondary.http.address", "dfs.namenode.secondary.http-address"),
    ("fs.default.name", "fs.defaultFS"),
    ("session.id", "dfs.metrics.session-id"),
];

/// The name that replaced `key`, or nothing if `key` is current.
pub(super) fn replacement(key: &str) -> Option<&'static str> {
    DEPRECATED.iter().find(|(old, _)| *old == key).map(|(_, new)| *new)
}

/// The name under which a key is stored and looked up.
pub(super) fn current_name(key: &str) -> &str {
    replacement(key).unwrap_or(key)
}
