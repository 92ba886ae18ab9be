/// What service-level authorization knows about one RPC protocol.
#[derive(Debug, Clone, Copy)]
pub(super) struct ProtocolPolicy {
    /// The name on the wire: Java's interface.
    pub(super) interface: &'static str,
    /// Key of its access control list.
    pub(super) acl_key: &'static str,
    /// Key of the principal that alone may call it, where there is such.
    pub(super) client_principal_key: Option<&'static str>,
}

const fn open(interface: &'static str, acl_key: &'static str) -> ProtocolPolicy {
    ProtocolPolicy { interface, acl_key, client_principal_key: None }
}

const fn only(
    interface: &'static str,
    acl_key: &'static str,
    client_principal_key: &'static str,
) -> ProtocolPolicy {
    ProtocolPolicy { interface, acl_key, client_principal_key: Some(client_principal_key) }
}

/// Java: `HDFSPolicyProvider`, with the `@KerberosInfo` of the interfaces.
pub(super) const HDFS_POLICY: [ProtocolPolicy; 16] = [
    open("org.apache.hadoop.hdfs.protocol.ClientProtocol", "security.client.protocol.acl"),
    open(
        "org.apache.hadoop.hdfs.protocol.ClientDatanodeProtocol",
        "security.client.datanode.protocol.acl",
    ),
    only(
        "org.apache.hadoop.hdfs.server.protocol.DatanodeProtocol",
        "security.datanode.protocol.acl",
        "dfs.datanode.kerberos.principal",
    ),
    only(
        "org.apache.hadoop.hdfs.server.protocol.InterDatanodeProtocol",
        "security.inter.datanode.protocol.acl",
        "dfs.datanode.kerberos.principal",
    ),
    open(
        "org.apache.hadoop.hdfs.server.protocol.NamenodeProtocol",
        "security.namenode.protocol.acl",
    ),
    only(
        "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol",
        "security.qjournal.service.protocol.acl",
        "dfs.namenode.kerberos.principal",
    ),
    only(
        "org.apache.hadoop.hdfs.qjournal.protocol.InterQJournalProtocol",
        "security.interqjournal.service.protocol.acl",
        "dfs.journalnode.kerberos.principal",
    ),
    open("org.apache.hadoop.ha.HAServiceProtocol", "security.ha.service.protocol.acl"),
    open("org.apache.hadoop.ha.ZKFCProtocol", "security.zkfc.protocol.acl"),
    open(
        "org.apache.hadoop.security.authorize.RefreshAuthorizationPolicyProtocol",
        "security.refresh.policy.protocol.acl",
    ),
    open(
        "org.apache.hadoop.security.RefreshUserMappingsProtocol",
        "security.refresh.user.mappings.protocol.acl",
    ),
    open(
        "org.apache.hadoop.tools.GetUserMappingsProtocol",
        "security.get.user.mappings.protocol.acl",
    ),
    open(
        "org.apache.hadoop.ipc.RefreshCallQueueProtocol",
        "security.refresh.callqueue.protocol.acl",
    ),
    open("org.apache.hadoop.ipc.GenericRefreshProtocol", "security.refresh.generic.protocol.acl"),
    only(
        "org.apache.hadoop.hdfs.server.protocol.DatanodeLifelineProtocol",
        "security.datanode.lifeline.protocol.acl",
        "dfs.datanode.kerberos.principal",
    ),
    open(
        "org.apache.hadoop.hdfs.protocol.ReconfigurationProtocol",
        "security.reconfiguration.protocol.acl",
    ),
];

/// Interfaces a Java daemon can load that are in no policy. Java knows every class on its class
/// path; these are the ones a Hadoop client could name.
pub(super) const WITHOUT_POLICY: [&str; 8] = [
    "org.apache.hadoop.hdfs.qjournal.protocolPB.QJournalProtocolPB",
    "org.apache.hadoop.hdfs.qjournal.protocolPB.InterQJournalProtocolPB",
    "org.apache.hadoop.hdfs.protocolPB.ClientNamenodeProtocolPB",
    "org.apache.hadoop.hdfs.protocolPB.NamenodeProtocolPB",
    "org.apache.hadoop.ha.protocolPB.HAServiceProtocolPB",
    "org.apache.hadoop.ha.protocolPB.ZKFCProtocolPB",
    "org.apache.hadoop.ipc.ProtocolMetaInfoPB",
    "org.apache.hadoop.hdfs.server.protocol.JournalProtocol",
];
