use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use hadoop_ipc::conf::nameservices::{internal_nameservices, suffixed_key};
use hadoop_ipc::conf::{ConfError, Configuration, TimeUnit};
use hadoop_ipc::server::ServerOptions;

use super::addresses::listen_address;
use super::cache_size::cache_bytes;
use super::idle_after::idle_after;
use super::index_options::index_options;
use super::inspect_options::inspect_options;
use super::rpc_options::rpc_options;
use super::scrub_options::scrub_options;
use super::sync_options::sync_options;
use super::{SettingsError, keys};
use crate::index::IndexOptions;
use crate::inspect::InspectOptions;
use crate::journal::{Blocking, JournalOptions};
use crate::node::EditsDirectories;
use crate::scrub::ScrubOptions;
use crate::storage::StorageOptions;
use crate::sync::SyncOptions;

/// What a NameNode takes where its configuration says nothing.
const TAIL_PERIOD: Duration = Duration::from_secs(60);

/// Everything the daemon takes from its configuration.
#[derive(Clone)]
pub struct Settings {
    /// `dfs.journalnode.edits.dir`.
    pub edits_dir: PathBuf,
    /// `dfs.journalnode.edits.dir.<nameservice>`, where set.
    pub edits_dirs_by_nameservice: BTreeMap<String, PathBuf>,
    /// The edits directories to make and check before serving; the others when first used.
    pub edits_dirs_at_start: Vec<Option<String>>,
    /// Where the RPC server listens.
    pub rpc_address: SocketAddr,
    /// Where the HTTP server listens.
    pub http_address: SocketAddr,
    /// Limits of the RPC server; who may call what is added by the daemon.
    pub rpc: ServerOptions,
    /// How journals keep their files, and how much they cache.
    pub journals: JournalOptions,
    /// How long to wait for a peer that sends a segment.
    pub transfer_timeout: Duration,
    /// How fast a segment is served, in bytes per second; `None` for as fast as it goes.
    pub transfer_bandwidth: Option<u64>,
    /// How journals are kept in step with their peers.
    pub sync: SyncOptions,
    /// How finished segments are checked again.
    pub scrub: ScrubOptions,
    /// Where the index is.
    pub index: IndexOptions,
    /// Whether and how people and tests may look in.
    pub inspect: InspectOptions,
}

impl Settings {
    /// Reads and checks the configuration.
    pub fn from_conf(conf: &Configuration) -> Result<Self, SettingsError> {
        refuse_what_is_not_there(conf)?;
        let edits_dirs_by_nameservice = suffixed_edits_dirs(conf)?;
        let edits_dir = PathBuf::from(conf.required(keys::EDITS_DIR)?);
        let index = index_options(conf, &edits_dir, &edits_dirs_by_nameservice)?;
        Ok(Self {
            edits_dir,
            edits_dirs_at_start: edits_dirs_at_start(conf)?,
            edits_dirs_by_nameservice,
            rpc_address: listen_address(conf, keys::RPC_BIND_HOST, keys::RPC_ADDRESS, 0)?,
            http_address: listen_address(conf, keys::HTTP_BIND_HOST, keys::HTTP_ADDRESS, 0)?,
            rpc: rpc_options(conf)?,
            journals: JournalOptions {
                storage: storage_options(conf)?,
                reserve_bytes: reserve_bytes(conf)?,
                cache_bytes: cache_bytes(conf)?,
                tail_period: tail_period(conf),
                blocking: Blocking::InPlace,
                idle_after: idle_after(conf)?,
            },
            transfer_timeout: conf.duration(keys::TRANSFER_TIMEOUT, TimeUnit::Milliseconds)?,
            transfer_bandwidth: bandwidth(conf)?,
            sync: sync_options(conf, reserve_bytes(conf)?)?,
            scrub: scrub_options(conf)?,
            index,
            // A secure cluster was refused above; the rule stands for when it is not.
            inspect: inspect_options(conf, is_secure(conf)?)?,
        })
    }

    /// The edits directories, none of them touched yet.
    pub fn directories(&self) -> EditsDirectories {
        EditsDirectories::new(self.edits_dir.clone(), self.edits_dirs_by_nameservice.clone())
    }
}

/// What is configured but cannot be done must stop the daemon, not be passed over.
fn refuse_what_is_not_there(conf: &Configuration) -> Result<(), SettingsError> {
    let authentication = conf.required(keys::AUTHENTICATION)?;
    match authentication.to_ascii_lowercase().as_str() {
        "" | "simple" => {}
        "kerberos" => return Err(SettingsError::Kerberos),
        _ => {
            return Err(SettingsError::Value {
                key: keys::AUTHENTICATION,
                value: authentication,
                reason: "must be simple or kerberos",
            });
        }
    }
    let policy = conf.required(keys::HTTP_POLICY)?;
    let reason = match policy.as_str() {
        "HTTP_ONLY" => return Ok(()),
        "HTTPS_ONLY" | "HTTP_AND_HTTPS" => {
            "HTTPS is not served yet; use HTTP_ONLY, or keep Java's JournalNode"
        }
        _ => "must be HTTP_ONLY, HTTPS_ONLY or HTTP_AND_HTTPS",
    };
    Err(SettingsError::Value { key: keys::HTTP_POLICY, value: policy, reason })
}

fn is_secure(conf: &Configuration) -> Result<bool, ConfError> {
    Ok(conf.required(keys::AUTHENTICATION)?.eq_ignore_ascii_case("kerberos"))
}

fn suffixed_edits_dirs(conf: &Configuration) -> Result<BTreeMap<String, PathBuf>, ConfError> {
    let prefix = format!("{}.", keys::EDITS_DIR);
    let mut directories = BTreeMap::new();
    for property in conf.properties() {
        let Some(nameservice) = property.key.strip_prefix(&prefix) else { continue };
        if property.key == keys::EDITS_DIR_PERM {
            continue;
        }
        if let Some(directory) = conf.trimmed(&property.key)? {
            directories.insert(nameservice.to_owned(), directory.into());
        }
    }
    Ok(directories)
}

/// With one nameservice its directory is made at start, with several each when first used
/// (`JournalNode.start`).
fn edits_dirs_at_start(conf: &Configuration) -> Result<Vec<Option<String>>, ConfError> {
    let nameservices = internal_nameservices(conf)?;
    Ok(match nameservices.as_slice() {
        [] => vec![None],
        [one] => {
            let own = conf.trimmed(&suffixed_key(keys::EDITS_DIR, Some(one), None))?;
            vec![own.map(|_| one.clone())]
        }
        _ => Vec::new(),
    })
}

fn storage_options(conf: &Configuration) -> Result<StorageOptions, SettingsError> {
    let permission = conf.trimmed(keys::EDITS_DIR_PERM)?.unwrap_or_else(|| "700".to_owned());
    let mode = u32::from_str_radix(&permission, 8).ok().filter(|mode| *mode <= 0o7777);
    let mode = mode.ok_or(SettingsError::Value {
        key: keys::EDITS_DIR_PERM,
        value: permission,
        reason: "must be an octal mode such as 700",
    })?;
    let sync_on_write = conf.boolean_or(keys::NO_CHANNEL_FLUSH, false)?;
    Ok(StorageOptions { permission: mode, sync_on_write, ..StorageOptions::default() })
}

fn reserve_bytes(conf: &Configuration) -> Result<u64, SettingsError> {
    let bytes = conf.long_bytes_or(keys::RESERVE, keys::DEFAULT_RESERVE_BYTES)?;
    u64::try_from(bytes).map_err(|_| SettingsError::Value {
        key: keys::RESERVE,
        value: bytes.to_string(),
        reason: "must not be negative; 0 turns the reserve off",
    })
}

/// Of the NameNode: what it cannot read keeps the NameNode from starting, not this daemon.
fn tail_period(conf: &Configuration) -> Duration {
    conf.duration_or(keys::TAIL_PERIOD, TimeUnit::Seconds, TAIL_PERIOD).unwrap_or(TAIL_PERIOD)
}

/// 0 and less mean no limit.
fn bandwidth(conf: &Configuration) -> Result<Option<u64>, ConfError> {
    let bytes_per_second = conf.long_bytes_or(keys::TRANSFER_BANDWIDTH, 50 << 20)?;
    Ok(u64::try_from(bytes_per_second).ok().filter(|rate| *rate > 0))
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    #[test]
    fn standbys_ask_as_often_as_the_namenodes_configuration_says() {
        for (value, millis) in [("100ms", 100), ("0", 0), ("5", 5000), ("often", 60_000)] {
            let mut conf = Configuration::empty(Environment::empty());
            conf.set(keys::TAIL_PERIOD, value, "test");
            assert_eq!(tail_period(&conf).as_millis(), millis, "{value}");
        }
        let nothing = Configuration::empty(Environment::empty());
        assert_eq!(tail_period(&nothing), TAIL_PERIOD);
    }
}
