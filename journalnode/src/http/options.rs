use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use hadoop_ipc::conf::{ConfError, Configuration};
use tracing::warn;

/// Java's default, in bytes.
const DEFAULT_HEADER_BYTES: i32 = 64 << 10;
/// hyper wants at least this much, in bytes.
const MIN_HEADER_BYTES: usize = 8 << 10;
/// Some hundred peers and browsers, and an end to it.
const DEFAULT_CONNECTIONS: i32 = 1024;
/// Java's default, in milliseconds.
const DEFAULT_IDLE_MS: i32 = 60_000;
const HEADER_PREFIX: &str = "hadoop.http.header.";
/// Our own key: connections served at the same time.
const MAX_CONNECTIONS_KEY: &str = "dfs.journalnode.http.max-connections";

/// Limits of the HTTP server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpOptions {
    /// How long a client may take to send a request's head, stay silent between requests, or
    /// take no byte of an answer (`hadoop.http.idle_timeout.ms`).
    pub idle_timeout: Duration,
    /// Longest head of a request, in bytes (`hadoop.http.max.request.header.size`).
    pub max_header_bytes: usize,
    /// Connections served at the same time; further ones wait to be accepted.
    pub max_connections: usize,
    /// Sent with every answer (`hadoop.http.header.<Name>`).
    pub extra_headers: Vec<(HeaderName, HeaderValue)>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            idle_timeout: Duration::from_millis(DEFAULT_IDLE_MS as u64),
            max_header_bytes: DEFAULT_HEADER_BYTES as usize,
            max_connections: DEFAULT_CONNECTIONS as usize,
            extra_headers: Vec::new(),
        }
    }
}

impl HttpOptions {
    /// Reads the limits. 0 and less mean the default.
    pub fn from_conf(conf: &Configuration) -> Result<Self, ConfError> {
        let idle_ms = positive(conf, "hadoop.http.idle_timeout.ms", DEFAULT_IDLE_MS)?;
        let header_bytes =
            positive(conf, "hadoop.http.max.request.header.size", DEFAULT_HEADER_BYTES)?;
        Ok(Self {
            idle_timeout: Duration::from_millis(idle_ms as u64),
            max_header_bytes: header_bytes.max(MIN_HEADER_BYTES),
            max_connections: positive(conf, MAX_CONNECTIONS_KEY, DEFAULT_CONNECTIONS)?,
            extra_headers: extra_headers(conf),
        })
    }
}

fn positive(conf: &Configuration, key: &str, default: i32) -> Result<usize, ConfError> {
    let value = conf.int_or(key, default)?;
    Ok(if value > 0 { value as usize } else { default as usize })
}

fn extra_headers(conf: &Configuration) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = Vec::new();
    for property in conf.properties() {
        let Some(name) = property.key.strip_prefix(HEADER_PREFIX) else { continue };
        let name_and_value = (name.parse(), property.value.trim().parse());
        let (Ok(name), Ok(value)) = name_and_value else {
            warn!("{} is no HTTP header and is not sent", property.key);
            continue;
        };
        headers.push((name, value));
    }
    headers
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    #[test]
    fn limits_and_headers_come_from_the_configuration() {
        let mut conf = Configuration::empty(Environment::empty());
        conf.set("hadoop.http.idle_timeout.ms", "1500", "test");
        conf.set("hadoop.http.max.request.header.size", "1", "test");
        conf.set("hadoop.http.header.X-Frame-Options", "DENY", "test");
        conf.set("hadoop.http.header.bad name", "x", "test");
        let options = HttpOptions::from_conf(&conf).unwrap();
        assert_eq!(options.idle_timeout, Duration::from_millis(1500));
        assert_eq!(options.max_header_bytes, MIN_HEADER_BYTES);
        assert_eq!(options.max_connections, DEFAULT_CONNECTIONS as usize);
        let frame = (HeaderName::from_static("x-frame-options"), HeaderValue::from_static("DENY"));
        assert_eq!(options.extra_headers, [frame]);
    }
}
