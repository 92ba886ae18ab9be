use anyhow::{Context, bail};
use clap::Args;
use hadoop_ipc::conf::{Configuration, Environment, GenericOptions, HostPort};
use hadoop_proto::inspect::v1::StatusResponse;

use crate::inspect::InspectClient;
use crate::settings::{INSPECT_ADDRESS, inspect_host_port, inspect_tls};
use crate::tools::status::quorums;

/// Whom a tool asks, and about which journal.
#[derive(Clone, Debug, Args)]
pub(in crate::tools) struct Asked {
    /// The inspection service of this node, instead of the one of this configuration.
    #[arg(long, value_name = "HOST:PORT")]
    pub(in crate::tools) node: Option<String>,
    /// Which journal; must be said if there are several.
    #[arg(long, value_name = "JOURNAL")]
    pub(in crate::tools) journal: Option<String>,
    /// Hadoop's: --config DIR, -conf FILE, -D KEY=VALUE.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "GENERIC OPTIONS")]
    generic: Vec<String>,
}

impl Asked {
    /// The configuration, found as the daemon finds it.
    pub(in crate::tools) fn conf(&self, tool: &str) -> anyhow::Result<Configuration> {
        let generic = GenericOptions::parse(self.generic.iter().cloned())?;
        if let Some(argument) = generic.remaining.first() {
            bail!("unknown argument {argument:?}; see journalnode {tool} --help");
        }
        let conf = generic.load(Environment::of_process())?;
        conf.warnings().iter().for_each(|warning| eprintln!("journalnode: {warning}"));
        Ok(conf)
    }

    /// Connects to the node.
    pub(in crate::tools) async fn connect(
        &self,
        conf: &Configuration,
    ) -> anyhow::Result<InspectClient> {
        let node = self.host_port(conf)?;
        Ok(InspectClient::connect(&node, inspect_tls(conf)?.as_ref()).await?)
    }

    fn host_port(&self, conf: &Configuration) -> anyhow::Result<HostPort> {
        let own = inspect_host_port(conf)?;
        let Some(text) = &self.node else {
            if conf.trimmed(INSPECT_ADDRESS)?.as_deref() == Some("off") {
                bail!("{INSPECT_ADDRESS} = off: turn it on, or name a node with --node HOST:PORT");
            }
            // Who listens everywhere listens here too.
            let host = if own.is_wildcard() { "127.0.0.1".to_owned() } else { own.host };
            return Ok(HostPort { host, ..own });
        };
        HostPort::parse(text, own.port).context("--node")
    }

    /// The journal that is meant: the one that was named, else the only one of the node, else
    /// the only one of the configuration.
    pub(in crate::tools) async fn journal(
        &self,
        conf: &Configuration,
        client: &mut InspectClient,
    ) -> anyhow::Result<String> {
        if let Some(journal) = &self.journal {
            return Ok(journal.clone());
        }
        let names = names(client.status().await?);
        match names.as_slice() {
            [only] => return Ok(only.clone()),
            [] => {}
            several => bail!(
                "the node has several journals, name one with --journal: {}",
                several.join(", ")
            ),
        }
        match quorums(conf)?.as_slice() {
            [only] => Ok(only.uri.journal_id.clone()),
            _ => bail!("the node has loaded no journal yet; name one with --journal"),
        }
    }
}

fn names(status: StatusResponse) -> Vec<String> {
    status.journals.into_iter().map(|journal| journal.journal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(node: Option<&str>, pairs: &[(&str, &str)]) -> anyhow::Result<String> {
        let mut conf = Configuration::empty(Environment::empty());
        pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
        let node = node.map(str::to_owned);
        let asked = Asked { node, journal: None, generic: Vec::new() };
        Ok(asked.host_port(&conf)?.to_string())
    }

    #[test]
    fn the_local_node_is_asked_unless_one_is_named() {
        let key = INSPECT_ADDRESS;
        assert_eq!(asked(None, &[]).unwrap(), "127.0.0.1:8486");
        assert_eq!(asked(None, &[(key, "0.0.0.0:9")]).unwrap(), "127.0.0.1:9");
        assert_eq!(asked(None, &[(key, "jn1:9")]).unwrap(), "jn1:9");
        assert_eq!(asked(Some("jn2"), &[(key, "jn1:9")]).unwrap(), "jn2:9");
        assert_eq!(asked(Some("jn2:7"), &[(key, "off")]).unwrap(), "jn2:7");
        assert!(asked(None, &[(key, "off")]).unwrap_err().to_string().contains("--node"));
        assert!(asked(Some("jn2:x"), &[]).is_err());
    }
}
