/// Built-in defaults, as one resource: Hadoop ships them as core-default.xml and hdfs-default.xml.
///
/// Only the keys our daemons read. Where Hadoop's file has no value there is no row: such a key
/// must not hide one set in core-site.xml, which is loaded before hdfs-default.xml.
pub(super) struct Defaults {
    /// The name `/conf` shows.
    pub(super) resource: &'static str,
    /// Keys in order.
    pub(super) values: &'static [(&'static str, &'static str)],
}

/// The built-in value of a key.
pub(super) fn value(key: &str) -> Option<&'static str> {
    let mut rows = HDFS.values.iter().chain(CORE.values);
    rows.find(|(known, _)| *known == key).map(|(_, value)| *value)
}

/// core-default.xml of Hadoop 3.4.3.
pub(super) const CORE: Defaults = Defaults {
    resource: "core-default.xml",
    values: &[
        ("dfs.ha.fencing.ssh.connect-timeout", "30000"),
        ("fs.defaultFS", "file:///"),
        ("ha.failover-controller.active-standby-elector.zk.op.retries", "3"),
        ("ha.failover-controller.cli-check.rpc-timeout.ms", "20000"),
        ("ha.failover-controller.graceful-fence.connection.retries", "1"),
        ("ha.failover-controller.graceful-fence.rpc-timeout.ms", "5000"),
        ("ha.failover-controller.new-active.rpc-timeout.ms", "60000"),
        ("ha.health-monitor.check-interval.ms", "1000"),
        ("ha.health-monitor.connect-retry-interval.ms", "1000"),
        ("ha.health-monitor.rpc-timeout.ms", "45000"),
        ("ha.health-monitor.rpc.connect.max.retries", "1"),
        ("ha.health-monitor.sleep-after-disconnect.ms", "1000"),
        ("ha.zookeeper.acl", "world:anyone:rwcda"),
        ("ha.zookeeper.parent-znode", "/hadoop-ha"),
        ("ha.zookeeper.session-timeout.ms", "10000"),
        ("hadoop.http.authentication.kerberos.keytab", "${user.home}/hadoop.keytab"),
        ("hadoop.http.authentication.kerberos.principal", "HTTP/_HOST@LOCALHOST"),
        (
            "hadoop.http.authentication.signature.secret.file",
            "${user.home}/hadoop-http-auth-signature-secret",
        ),
        ("hadoop.http.authentication.simple.anonymous.allowed", "true"),
        ("hadoop.http.authentication.token.validity", "36000"),
        ("hadoop.http.authentication.type", "simple"),
        ("hadoop.http.cross-origin.allowed-headers", "X-Requested-With,Content-Type,Accept,Origin"),
        ("hadoop.http.cross-origin.allowed-methods", "GET,POST,HEAD"),
        ("hadoop.http.cross-origin.allowed-origins", "*"),
        ("hadoop.http.cross-origin.enabled", "false"),
        ("hadoop.http.cross-origin.max-age", "1800"),
        ("hadoop.http.filter.initializers", "org.apache.hadoop.http.lib.StaticUserWebFilter"),
        ("hadoop.http.idle_timeout.ms", "60000"),
        ("hadoop.http.jmx.nan-filter.enabled", "false"),
        ("hadoop.http.logs.enabled", "true"),
        ("hadoop.http.metrics.enabled", "true"),
        ("hadoop.http.sni.host.check.enabled", "false"),
        ("hadoop.http.staticuser.user", "dr.who"),
        ("hadoop.kerberos.min.seconds.before.relogin", "60"),
        ("hadoop.prometheus.endpoint.enabled", "false"),
        ("hadoop.rpc.protection", "authentication"),
        ("hadoop.security.auth_to_local.mechanism", "hadoop"),
        ("hadoop.security.authentication", "simple"),
        ("hadoop.security.authorization", "false"),
        (
            "hadoop.security.group.mapping",
            "org.apache.hadoop.security.JniBasedUnixGroupsMappingWithFallback",
        ),
        ("hadoop.security.groups.cache.secs", "300"),
        ("hadoop.security.groups.negative-cache.secs", "30"),
        ("hadoop.security.instrumentation.requires.admin", "false"),
        (
            "hadoop.security.sensitive-config-keys",
            "secret$,password$,ssl.keystore.pass$,fs.s3a.server-side-encryption.key,fs.s3a.*.server-side-encryption.key,fs.s3a.encryption.algorithm,fs.s3a.encryption.key,fs.s3a.secret.key,fs.s3a.*.secret.key,fs.s3a.session.key,fs.s3a.*.session.key,fs.s3a.session.token,fs.s3a.*.session.token,fs.azure.account.key.*,fs.azure.oauth2.*,fs.adl.oauth2.*,fs.gs.encryption.*,fs.gs.proxy.*,fs.gs.auth.*,credential$,oauth.*secret,oauth.*password,oauth.*token,hadoop.security.sensitive-config-keys",
        ),
        ("hadoop.security.token.service.use_ip", "true"),
        ("hadoop.ssl.client.conf", "ssl-client.xml"),
        ("hadoop.ssl.enabled.protocols", "TLSv1.2"),
        ("hadoop.ssl.hostname.verifier", "DEFAULT"),
        ("hadoop.ssl.require.client.cert", "false"),
        ("hadoop.ssl.server.conf", "ssl-server.xml"),
        ("hadoop.tmp.dir", "/tmp/hadoop-${user.name}"),
        ("hadoop.user.group.static.mapping.overrides", "dr.who=;"),
        ("ipc.client.bind.wildcard.addr", "false"),
        ("ipc.client.connect.max.retries", "10"),
        ("ipc.client.connect.max.retries.on.sasl", "5"),
        ("ipc.client.connect.max.retries.on.timeouts", "45"),
        ("ipc.client.connect.retry.interval", "1000"),
        ("ipc.client.connect.timeout", "20000"),
        ("ipc.client.connection.idle-scan-interval.ms", "10000"),
        ("ipc.client.connection.maxidletime", "10000"),
        ("ipc.client.fallback-to-simple-auth-allowed", "false"),
        ("ipc.client.idlethreshold", "4000"),
        ("ipc.client.kill.max", "10"),
        ("ipc.client.low-latency", "false"),
        ("ipc.client.ping", "true"),
        ("ipc.client.rpc-timeout.ms", "120000"),
        ("ipc.client.tcpnodelay", "true"),
        ("ipc.maximum.data.length", "134217728"),
        ("ipc.maximum.response.length", "134217728"),
        ("ipc.ping.interval", "60000"),
        ("ipc.server.handler.queue.size", "100"),
        ("ipc.server.listen.queue.size", "256"),
        ("ipc.server.log.slow.rpc", "false"),
        ("ipc.server.log.slow.rpc.threshold.ms", "0"),
        ("ipc.server.max.connections", "0"),
        ("ipc.server.max.response.size", "1048576"),
        ("ipc.server.purge.interval", "15"),
        ("ipc.server.read.connection-queue.size", "100"),
        ("ipc.server.read.threadpool.size", "1"),
        ("ipc.server.reuseaddr", "true"),
        ("ipc.server.tcpnodelay", "true"),
    ],
};

/// hdfs-default.xml of Hadoop 3.4.3.
pub(super) const HDFS: Defaults = Defaults {
    resource: "hdfs-default.xml",
    values: &[
        ("dfs.client.https.keystore.resource", "ssl-client.xml"),
        ("dfs.client.https.need-auth", "false"),
        ("dfs.edit.log.transfer.bandwidthPerSec", "0"),
        ("dfs.edit.log.transfer.timeout", "30000"),
        ("dfs.ha.automatic-failover.enabled", "false"),
        ("dfs.ha.nn.not-become-active-in-safemode", "false"),
        ("dfs.ha.tail-edits.in-progress", "false"),
        ("dfs.ha.zkfc.client.ssl.enabled", "false"),
        ("dfs.ha.zkfc.nn.http.timeout.ms", "20000"),
        ("dfs.ha.zkfc.port", "8019"),
        ("dfs.http.policy", "HTTP_ONLY"),
        ("dfs.https.server.keystore.resource", "ssl-server.xml"),
        ("dfs.image.transfer.bandwidthPerSec", "52428800"),
        ("dfs.image.transfer.timeout", "60000"),
        ("dfs.journalnode.edit-cache-size.fraction", "0.5f"),
        ("dfs.journalnode.edits.dir", "/tmp/hadoop/dfs/journalnode/"),
        ("dfs.journalnode.edits.dir.perm", "700"),
        ("dfs.journalnode.enable.sync", "true"),
        ("dfs.journalnode.handler.count", "5"),
        ("dfs.journalnode.http-address", "0.0.0.0:8480"),
        ("dfs.journalnode.https-address", "0.0.0.0:8481"),
        ("dfs.journalnode.rpc-address", "0.0.0.0:8485"),
        ("dfs.journalnode.sync.interval", "120000"),
        ("dfs.namenode.edits.dir", "${dfs.namenode.name.dir}"),
        ("dfs.namenode.edits.noeditlogchannelflush", "false"),
        ("dfs.namenode.edits.qjournals.resolution-enabled", "false"),
        ("dfs.namenode.http-address", "0.0.0.0:9870"),
        ("dfs.namenode.https-address", "0.0.0.0:9871"),
        (
            "dfs.namenode.kerberos.internal.spnego.principal",
            "${dfs.web.authentication.kerberos.principal}",
        ),
        ("dfs.namenode.kerberos.principal.pattern", "*"),
        ("dfs.namenode.name.dir", "file://${hadoop.tmp.dir}/dfs/name"),
        ("dfs.namenode.secondary.http-address", "0.0.0.0:9868"),
        ("dfs.namenode.secondary.https-address", "0.0.0.0:9869"),
        ("dfs.qjournal.accept-recovery.timeout.ms", "120000"),
        ("dfs.qjournal.finalize-segment.timeout.ms", "120000"),
        ("dfs.qjournal.get-journal-state.timeout.ms", "120000"),
        ("dfs.qjournal.http.open.timeout.ms", "60000"),
        ("dfs.qjournal.http.read.timeout.ms", "60000"),
        ("dfs.qjournal.new-epoch.timeout.ms", "120000"),
        ("dfs.qjournal.parallel-read.num-threads", "5"),
        ("dfs.qjournal.prepare-recovery.timeout.ms", "120000"),
        ("dfs.qjournal.queued-edits.limit.mb", "10"),
        ("dfs.qjournal.select-input-streams.timeout.ms", "20000"),
        ("dfs.qjournal.start-segment.timeout.ms", "20000"),
        ("dfs.qjournal.write-txns.timeout.ms", "20000"),
        ("dfs.replication", "3"),
        (
            "dfs.secondary.namenode.kerberos.internal.spnego.principal",
            "${dfs.web.authentication.kerberos.principal}",
        ),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_one_default() {
        for defaults in [&CORE, &HDFS] {
            assert!(defaults.values.is_sorted_by(|a, b| a.0 < b.0), "{}", defaults.resource);
        }
        assert!(
            CORE.values.iter().all(|(key, _)| HDFS.values.iter().all(|(other, _)| key != other))
        );
    }

    /// A spot check against the tables of Hadoop's documentation.
    #[test]
    fn the_defaults_are_hadoops() {
        for (key, default) in [
            ("dfs.journalnode.rpc-address", "0.0.0.0:8485"),
            ("dfs.journalnode.edits.dir", "/tmp/hadoop/dfs/journalnode/"),
            ("dfs.ha.zkfc.port", "8019"),
            ("ha.zookeeper.session-timeout.ms", "10000"),
            ("ipc.maximum.data.length", "134217728"),
        ] {
            assert_eq!(value(key), Some(default));
        }
        assert_eq!(value("dfs.nameservices"), None);
    }
}
