use std::time::Duration;

use hadoop_ipc::conf::{ConfError, Configuration, TimeUnit};
use hadoop_ipc::server::{IdleRules, ServerOptions};

use super::keys;

/// Java falls back to this too when the key is 0 or less.
const DEFAULT_HANDLERS: i32 = 5;
/// Java counts a connection as idle after twice the client's limit.
const IDLE_FACTOR: u32 = 2;

/// The limits of the RPC server. Handlers are no threads here: their number only sizes the
/// queue of calls, as in Java.
pub(super) fn rpc_options(conf: &Configuration) -> Result<ServerOptions, ConfError> {
    let defaults = ServerOptions::default();
    let handlers = match conf.int_or(keys::HANDLER_COUNT, DEFAULT_HANDLERS)? {
        handlers if handlers > 0 => handlers,
        _ => DEFAULT_HANDLERS,
    };
    let queue = conf.int_or("ipc.server.handler.queue.size", 100)?.max(1);
    let max_data_length =
        conf.int_or("ipc.maximum.data.length", defaults.max_data_length_bytes as i32)?;
    Ok(ServerOptions {
        max_data_length_bytes: max_data_length.max(0) as usize,
        max_queued_calls: handlers.saturating_mul(queue) as usize,
        max_connections: conf.int_or("ipc.server.max.connections", 0)?.max(0) as usize,
        listen_backlog: conf.int_or("ipc.server.listen.queue.size", 256)?.max(1) as u32,
        purge_interval: conf.duration_or(
            "ipc.server.purge.interval",
            TimeUnit::Minutes,
            defaults.purge_interval,
        )?,
        idle: idle_rules(conf)?,
        reuse_addr: conf.boolean_or("ipc.server.reuseaddr", true)?,
        max_response_size_bytes: conf
            .int_or("ipc.server.max.response.size", defaults.max_response_size_bytes as i32)?
            .max(0) as usize,
        ..defaults
    })
}

fn idle_rules(conf: &Configuration) -> Result<IdleRules, ConfError> {
    let millis = TimeUnit::Milliseconds;
    let max_idle =
        conf.duration_or("ipc.client.connection.maxidletime", millis, Duration::from_secs(10))?;
    Ok(IdleRules {
        threshold_connections: conf.int_or("ipc.client.idlethreshold", 4000)?.max(0) as usize,
        max_idle: max_idle * IDLE_FACTOR,
        scan_interval: conf.duration_or(
            "ipc.client.connection.idle-scan-interval.ms",
            millis,
            Duration::from_secs(10),
        )?,
        max_closed_per_scan: conf.int_or("ipc.client.kill.max", 10)?.max(0) as usize,
    })
}
