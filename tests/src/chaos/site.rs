use crate::hadoop::Site;

/// The user's files wait for minutes where a round has seconds.
pub fn impatient() -> Site {
    let mut site = Site::new();
    site.set("ha.zookeeper.session-timeout.ms", 4000)
        .set("ha.failover-controller.graceful-fence.rpc-timeout.ms", 2000)
        .set("ha.failover-controller.cli-check.rpc-timeout.ms", 4000)
        .set("ha.health-monitor.rpc-timeout.ms", 5000)
        .set("dfs.ha.fencing.ssh.connect-timeout", 2000)
        .set("ipc.client.connect.timeout", 2000)
        .set("ipc.client.rpc-timeout.ms", 5000)
        .set("ipc.client.connect.max.retries.on.timeouts", 1)
        .set("dfs.client.failover.sleep.max.millis", 1000)
        // Segments of a round, not of an hour, and what was missed is fetched within one.
        .set("dfs.ha.log-roll.period", 15)
        .set("dfs.ha.tail-edits.period", 2)
        .set("dfs.journalnode.sync.interval", 3000);
    site
}
