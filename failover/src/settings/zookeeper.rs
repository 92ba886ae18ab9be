use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hadoop_ipc::conf::Configuration;

use super::{StartFailure, TlsFiles, ZooKeeperSettings, keys, timing};
use crate::lock::{AclEntry, AuthEntry};

const PARENT: &str = "/hadoop-ha";
const ACL: &str = "world:anyone:rwcda";
const SESSION_TIMEOUT_MS: i32 = 10_000;
const OPERATION_RETRIES: i32 = 3;
/// Largest `@file`, in bytes: some credentials, not a disk image.
const MAX_SECRET_BYTES: u64 = 1 << 20;

/// Java's order: ACL, credentials, ensemble, timeout, certificates.
pub(super) fn settings(
    conf: &Configuration,
    nameservice: &str,
) -> Result<ZooKeeperSettings, StartFailure> {
    Ok(ZooKeeperSettings {
        acl: acl(conf)?,
        auth: auth(conf)?,
        quorum: quorum(conf)?,
        session_timeout: session_timeout(conf)?,
        parent: parent(conf, nameservice)?,
        operation_retries: timing::count(conf, keys::OPERATION_RETRIES, OPERATION_RETRIES)?,
        tls: tls(conf)?,
    })
}

fn acl(conf: &Configuration) -> Result<Vec<AclEntry>, StartFailure> {
    let text = conf.string(keys::ACL)?.unwrap_or_else(|| ACL.to_owned());
    let text = or_file(keys::ACL, text)?;
    AclEntry::parse_list(&text).map_err(|reason| StartFailure::Value {
        key: keys::ACL,
        value: text,
        reason: reason.to_string(),
    })
}

fn auth(conf: &Configuration) -> Result<Vec<AuthEntry>, StartFailure> {
    let text = or_file(keys::AUTH, conf.string(keys::AUTH)?.unwrap_or_default())?;
    AuthEntry::parse_list(&text).map_err(|reason| StartFailure::Value {
        key: keys::AUTH,
        value: "(not shown)".to_owned(),
        reason: reason.to_string(),
    })
}

/// The value, or the content of the file it names as `@file` (`ZKUtil.resolveConfIndirection`).
fn or_file(key: &'static str, value: String) -> Result<String, StartFailure> {
    let Some(path) = value.strip_prefix('@') else { return Ok(value) };
    let path = Path::new(path.trim());
    let failure = |reason: String| StartFailure::File {
        key,
        path: path.to_owned(),
        reason: unreadable(reason),
    };
    let length = fs::metadata(path).map_err(|error| failure(error.to_string()))?.len();
    if length > MAX_SECRET_BYTES {
        return Err(failure(format!("longer than {MAX_SECRET_BYTES} bytes")));
    }
    let text = fs::read_to_string(path).map_err(|error| failure(error.to_string()))?;
    Ok(text.trim().to_owned())
}

fn unreadable(reason: String) -> String {
    format!("{reason}; it must be a UTF-8 file that the user of the controller can read")
}

fn quorum(conf: &Configuration) -> Result<String, StartFailure> {
    let quorum = conf.required(keys::QUORUM)?;
    if quorum.is_empty() {
        return Err(StartFailure::Value {
            key: keys::QUORUM,
            value: quorum,
            reason: "must list the servers of ZooKeeper: host:2181,host:2181,host:2181".to_owned(),
        });
    }
    Ok(without_blanks(&quorum))
}

/// Java's client takes blanks around the servers of the list.
fn without_blanks(quorum: &str) -> String {
    let servers = quorum.split(',').map(str::trim).filter(|server| !server.is_empty());
    servers.collect::<Vec<_>>().join(",")
}

fn session_timeout(conf: &Configuration) -> Result<Duration, StartFailure> {
    let timeout = timing::millis(conf, keys::SESSION_TIMEOUT, SESSION_TIMEOUT_MS)?;
    if timeout.is_zero() {
        return Err(StartFailure::Value {
            key: keys::SESSION_TIMEOUT,
            value: "0".to_owned(),
            reason: "must be greater than 0".to_owned(),
        });
    }
    Ok(timeout)
}

fn parent(conf: &Configuration, nameservice: &str) -> Result<String, StartFailure> {
    let value = conf.string(keys::PARENT_ZNODE)?.unwrap_or_else(|| PARENT.to_owned());
    let bad = |reason: &str| StartFailure::Value {
        key: keys::PARENT_ZNODE,
        value: value.clone(),
        reason: reason.to_owned(),
    };
    if !value.starts_with('/') {
        return Err(bad("must be an absolute path such as /hadoop-ha"));
    }
    let path = format!("{}/{nameservice}", value.strip_suffix('/').unwrap_or(&value));
    let components = path.split('/').skip(1);
    match components.into_iter().any(|name| matches!(name, "" | "." | "..")) {
        true => Err(bad("a path in ZooKeeper has neither //, /./ nor /../")),
        false => Ok(path),
    }
}

fn tls(conf: &Configuration) -> Result<Option<TlsFiles>, StartFailure> {
    let for_zkfc = conf.boolean_or(keys::TLS_ENABLED_FOR_ZKFC, false)?;
    let enabled = match conf.trimmed(keys::TLS_ENABLED)? {
        Some(_) => conf.boolean_or(keys::TLS_ENABLED, for_zkfc)?,
        None => for_zkfc,
    };
    if !enabled {
        return Ok(None);
    }
    let keystore = tls_value(conf, keys::KEYSTORE)?;
    tls_value(conf, keys::KEYSTORE_PASSWORD)?;
    let truststore = tls_value(conf, keys::TRUSTSTORE)?;
    tls_value(conf, keys::TRUSTSTORE_PASSWORD)?;
    Ok(Some(TlsFiles {
        keystore: pem(keys::KEYSTORE, keystore)?,
        truststore: pem(keys::TRUSTSTORE, truststore)?,
    }))
}

fn tls_value(conf: &Configuration, key: &'static str) -> Result<String, StartFailure> {
    let value = conf.trimmed(key)?.filter(|value| !value.is_empty());
    value.ok_or_else(|| StartFailure::Value {
        key,
        value: String::new(),
        reason: "TLS to ZooKeeper is on, which needs hadoop.zk.ssl.keystore.location, \
                 hadoop.zk.ssl.truststore.location and the password of both"
            .to_owned(),
    })
}

/// Java tells the kind of a store by its name, and so do we.
fn pem(key: &'static str, location: String) -> Result<PathBuf, StartFailure> {
    let path = PathBuf::from(&location);
    let is_pem = path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("pem"));
    if is_pem {
        return Ok(path);
    }
    let convert = match key {
        keys::KEYSTORE => {
            "keytool -importkeystore -srckeystore STORE -destkeystore zk.p12 -deststoretype PKCS12 \
             && openssl pkcs12 -in zk.p12 -nodes -out keystore.pem"
        }
        _ => "keytool -list -rfc -keystore STORE > truststore.pem",
    };
    let reason = format!("only PEM files (*.pem) can be read; convert it: {convert}");
    Err(StartFailure::File { key, path, reason })
}
