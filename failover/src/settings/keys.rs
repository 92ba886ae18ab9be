//! Names of the keys, as Hadoop's `DFSConfigKeys`, `CommonConfigurationKeys` and
//! `ZKFailoverController` have them; those of our own say so.

pub(super) const NAMESERVICE_ID: &str = "dfs.nameservice.id";
pub(super) const NAMENODE_ID: &str = "dfs.ha.namenode.id";
pub(super) const AUTOMATIC_FAILOVER: &str = "dfs.ha.automatic-failover.enabled";
pub(super) const DEFAULT_FS: &str = "fs.defaultFS";

pub(super) const RPC_ADDRESS: &str = "dfs.namenode.rpc-address";
pub(super) const RPC_BIND_HOST: &str = "dfs.namenode.rpc-bind-host";
pub(super) const SERVICE_RPC_ADDRESS: &str = "dfs.namenode.servicerpc-address";
pub(super) const SERVICE_RPC_BIND_HOST: &str = "dfs.namenode.servicerpc-bind-host";
pub(super) const LIFELINE_RPC_ADDRESS: &str = "dfs.namenode.lifeline.rpc-address";
pub(super) const HTTP_ADDRESS: &str = "dfs.namenode.http-address";
pub(super) const HTTPS_ADDRESS: &str = "dfs.namenode.https-address";
pub(super) const HTTP_POLICY: &str = "dfs.http.policy";
pub(super) const AUTHENTICATION: &str = "hadoop.security.authentication";
pub(super) const KERBEROS_PRINCIPAL: &str = "dfs.namenode.kerberos.principal";
/// Where the controller listens.
pub const ZKFC_PORT: &str = "dfs.ha.zkfc.port";
pub(super) const ADMINISTRATORS: &str = "dfs.cluster.administrators";

pub(super) const QUORUM: &str = "ha.zookeeper.quorum";
pub(super) const SESSION_TIMEOUT: &str = "ha.zookeeper.session-timeout.ms";
pub(super) const PARENT_ZNODE: &str = "ha.zookeeper.parent-znode";
/// Permissions of every znode that is created.
pub const ACL: &str = "ha.zookeeper.acl";
/// Credentials towards ZooKeeper.
pub const AUTH: &str = "ha.zookeeper.auth";
/// Where Java also looks for the last one.
pub(super) const CREDENTIAL_PROVIDERS: &str = "hadoop.security.credential.provider.path";
pub(super) const OPERATION_RETRIES: &str =
    "ha.failover-controller.active-standby-elector.zk.op.retries";
pub(super) const TLS_ENABLED: &str = "hadoop.zk.ssl.enabled";
pub(super) const TLS_ENABLED_FOR_ZKFC: &str = "dfs.ha.zkfc.client.ssl.enabled";
pub(super) const KEYSTORE: &str = "hadoop.zk.ssl.keystore.location";
pub(super) const KEYSTORE_PASSWORD: &str = "hadoop.zk.ssl.keystore.password";
pub(super) const TRUSTSTORE: &str = "hadoop.zk.ssl.truststore.location";
pub(super) const TRUSTSTORE_PASSWORD: &str = "hadoop.zk.ssl.truststore.password";

pub(super) const CHECK_INTERVAL: &str = "ha.health-monitor.check-interval.ms";
pub(super) const SLEEP_AFTER_DISCONNECT: &str = "ha.health-monitor.sleep-after-disconnect.ms";
pub(super) const CONNECT_RETRY_INTERVAL: &str = "ha.health-monitor.connect-retry-interval.ms";
pub(super) const HEALTH_CONNECT_RETRIES: &str = "ha.health-monitor.rpc.connect.max.retries";
pub(super) const HEALTH_RPC_TIMEOUT: &str = "ha.health-monitor.rpc-timeout.ms";
pub(super) const THREAD_DUMP_TIMEOUT: &str = "dfs.ha.zkfc.nn.http.timeout.ms";

pub(super) const NEW_ACTIVE_TIMEOUT: &str = "ha.failover-controller.new-active.rpc-timeout.ms";
pub(super) const GRACEFUL_FENCE_TIMEOUT: &str =
    "ha.failover-controller.graceful-fence.rpc-timeout.ms";
pub(super) const GRACEFUL_FENCE_RETRIES: &str =
    "ha.failover-controller.graceful-fence.connection.retries";
pub(super) const CONNECT_TIMEOUT: &str = "ipc.client.connect.timeout";
pub(super) const CONNECT_RETRIES_ON_TIMEOUTS: &str = "ipc.client.connect.max.retries.on.timeouts";
pub(super) const CONNECT_RETRY_PAUSE: &str = "ipc.client.connect.retry.interval";

pub(super) const FENCING_METHODS: &str = "dfs.ha.fencing.methods";

/// Our own: where status, health and metrics are served over HTTP. `off` by default: Java's
/// controller listens on nothing but its RPC port, and a host may run several of them.
pub const STATUS_HTTP_ADDRESS: &str = "dfs.ha.zkfc.rs.http-address";
/// Our own: end the process when ZooKeeper stays out of reach, as Java does; by default wait for
/// it, out of the election.
pub(super) const EXIT_WITHOUT_ZOOKEEPER: &str = "dfs.ha.zkfc.rs.exit-without-zookeeper";
/// Our own: whether `-formatZK` also sets the ACL of ancestors that it did not create.
pub(super) const FORMAT_ANCESTOR_ACLS: &str = "dfs.ha.zkfc.rs.format.set-ancestor-acls";
/// Our own: how long the connection to the old active may take before methods are run.
pub(super) const GRACEFUL_CONNECT_TIMEOUT: &str =
    "dfs.ha.zkfc.rs.fencing.graceful-connect-timeout.ms";
/// Our own: after so long a silence of the old active's host, of which every fencing method
/// failed, evidence stands in for fencing; 0, the default: never.
pub(super) const EVIDENCE_SILENCE: &str = "dfs.ha.zkfc.rs.fencing.evidence.silence";
