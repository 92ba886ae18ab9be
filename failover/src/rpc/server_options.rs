use std::sync::Arc;
use std::time::Duration;

use hadoop_ipc::conf::{ConfError, Configuration};
use hadoop_ipc::server::{Authorize, ServerOptions};

/// Calls that wait or run at a time: Java's 3 handlers with a queue of 100 each, and what the
/// handlers hold.
const MAX_CALLS: usize = 3 + 300;
/// Hadoop's default: more clients than a controller ever has.
const DEFAULT_BACKLOG: i32 = 256;
/// A request is some hundred bytes. Java takes 128 MB.
const MAX_REQUEST_BYTES: usize = 1 << 20;
/// Bytes of requests that wait at a time.
const MAX_QUEUED_BYTES: usize = 16 << 20;
/// Connections at a time, unless `ipc.server.max.connections` says less.
const MAX_CONNECTIONS: usize = 1024;
/// A controller that stops has a lock to give back first: calls in flight get this long.
const GRACE: Duration = Duration::from_secs(1);

/// The limits of a controller's RPC server.
pub fn server_options(
    conf: &Configuration,
    authorize: Option<Arc<dyn Authorize>>,
) -> Result<ServerOptions, ConfError> {
    let backlog = conf.int_or("ipc.server.listen.queue.size", DEFAULT_BACKLOG)?;
    let connections = conf.int_or("ipc.server.max.connections", 0)?;
    Ok(ServerOptions {
        max_queued_calls: MAX_CALLS,
        max_data_length_bytes: MAX_REQUEST_BYTES,
        max_queued_bytes: MAX_QUEUED_BYTES,
        max_connections: match usize::try_from(connections) {
            Ok(limit @ 1..MAX_CONNECTIONS) => limit,
            _ => MAX_CONNECTIONS,
        },
        listen_backlog: u32::try_from(backlog).unwrap_or(DEFAULT_BACKLOG as u32),
        shutdown_grace: GRACE,
        authorize,
        ..ServerOptions::default()
    })
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    #[test]
    fn a_limit_of_connections_is_only_lowered() {
        let mut conf = Configuration::empty(Environment::empty());
        let limit = |conf: &Configuration| server_options(conf, None).unwrap().max_connections;
        assert_eq!(limit(&conf), MAX_CONNECTIONS);
        conf.set("ipc.server.max.connections", "16", "test");
        assert_eq!(limit(&conf), 16);
        conf.set("ipc.server.max.connections", "5000", "test");
        assert_eq!(limit(&conf), MAX_CONNECTIONS);
    }
}
