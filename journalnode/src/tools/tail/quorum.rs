use std::io::Write;
use std::time::Duration;

use anyhow::{Context, bail};
use hadoop_ipc::client::Target;
use hadoop_ipc::conf::Configuration;
use hadoop_ipc::security::Authentication;
use hadoop_proto::inspect::v1::Transaction;
use tokio::time::{Instant, sleep};

use super::begin::{Begin, skipped};
use super::lines::Lines;
use crate::inspect::Describer;
use crate::quorum::engine::Op;
use crate::quorum::{CommittedEdits, NamespaceInfo, QuorumOptions, QuorumReader, ReadError};
use crate::sync::namespace_of_node;
use crate::tools::status::{Quorum, quorums};
use crate::types::{JournalId, StorageInfo, TxId};

/// How often the quorum is asked, at most.
const LOOK: Duration = Duration::from_millis(500);
/// Files are read again from their beginning: reading may take a tenth of the time.
const REST: u32 = 9;

/// Follows what a majority of the nodes of a journal have, ours or Java's.
pub(super) struct QuorumTail {
    reader: QuorumReader,
    describer: Describer,
    /// What went wrong, not to be said again.
    said: String,
}

impl QuorumTail {
    /// Finds out whom to ask, and of which namespace.
    pub(super) async fn open(conf: &Configuration, journal: Option<&str>) -> anyhow::Result<Self> {
        if Authentication::from_configuration(conf)?.is_secure() {
            bail!("this tool does not speak Kerberos yet; follow one node with --node HOST:PORT");
        }
        let quorum = chosen(quorums(conf)?, journal)?;
        let user = conf.environment().property("user.name").map(str::to_owned);
        let options = QuorumOptions {
            user: user.clone(),
            name_service_id: quorum.nameservice.clone(),
            // It asks again anyway.
            connect_retries: 0,
            ..QuorumOptions::from_configuration(conf)?
        };
        let journal = JournalId::new(&quorum.uri.journal_id)?;
        let nodes = quorum.uri.journal_nodes.iter();
        let nodes: Vec<_> = nodes.map(|node| Target::new(&node.host, node.port)).collect();
        let storage = namespace(&nodes, &journal, &quorum, user).await?;
        let namespace = NamespaceInfo::of_storage(storage);
        let reader = QuorumReader::new(&journal, &nodes, &namespace, options);
        Ok(Self { reader, describer: Describer::default(), said: String::new() })
    }

    /// Follows until there are enough lines. A quorum that is lost later is waited for.
    pub(super) async fn follow(
        mut self,
        begin: Begin,
        mut lines: Lines<impl Write>,
    ) -> anyhow::Result<()> {
        let mut next = match begin.since() {
            Some(since) => since,
            None => self.end().await?.next(),
        };
        let mut is_first = true;
        loop {
            let asked = Instant::now();
            match self.reader.committed_edits(next).await {
                Ok(edits) => {
                    self.said.clear();
                    next = edits.last().map_or(next, TxId::next);
                    if lines.print(&self.describe(&edits))?.is_break() {
                        return Ok(());
                    }
                    if edits.is_empty() {
                        sleep(LOOK.max(asked.elapsed() * REST)).await;
                    }
                }
                Err(ReadError::Gone { since, oldest }) => {
                    skipped(since, oldest).iter().for_each(|said| eprintln!("journalnode: {said}"));
                    next = oldest;
                }
                Err(error) if is_first => return Err(error.into()),
                Err(error) => self.wait(&error).await,
            }
            is_first = false;
        }
    }

    /// The last transaction that is known to be committed.
    async fn end(&self) -> anyhow::Result<TxId> {
        // Old segments are many, and not asked for.
        let manifests = self.reader.manifest(TxId(i64::MAX), true).await?;
        let committed = manifests.iter().filter_map(|manifest| manifest.committed).max();
        Ok(committed.unwrap_or(TxId(0)).max(TxId(0)))
    }

    fn describe(&mut self, edits: &CommittedEdits) -> Vec<Transaction> {
        let ops = edits.ops().map(|(txid, bytes)| Op { txid, bytes: bytes.clone() });
        ops.map(|op| self.describer.describe(&op, false)).collect()
    }

    async fn wait(&mut self, error: &ReadError) {
        let text = error.to_string();
        if text != self.said {
            eprintln!("journalnode: {text}; asking again");
            self.said = text;
        }
        sleep(LOOK).await;
    }
}

fn chosen(quorums: Vec<Quorum>, journal: Option<&str>) -> anyhow::Result<Quorum> {
    let names: Vec<_> = quorums.iter().map(|quorum| quorum.uri.journal_id.clone()).collect();
    let is_meant = |quorum: &Quorum| journal.is_none_or(|name| quorum.uri.journal_id == name);
    let mut meant: Vec<_> = quorums.into_iter().filter(is_meant).collect();
    match (meant.pop(), meant.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => {
            bail!("there are several journals, name one with --journal: {}", names.join(", "))
        }
        (None, _) if names.is_empty() => bail!(
            "dfs.namenode.shared.edits.dir is not set: there is no quorum to follow (--config \
             DIR?); --node HOST:PORT follows one node"
        ),
        (None, _) => bail!("there is no such journal in the configuration: {}", names.join(", ")),
    }
}

/// The first node that tells; what is read is compared between the nodes anyway.
async fn namespace(
    nodes: &[Target],
    journal: &JournalId,
    quorum: &Quorum,
    user: Option<String>,
) -> anyhow::Result<StorageInfo> {
    let mut why = Vec::new();
    for node in nodes {
        let nameservice = quorum.nameservice.clone();
        match namespace_of_node(node.clone(), journal, nameservice, user.clone()).await {
            Ok(Some(namespace)) => return Ok(namespace),
            Ok(None) => why.push(format!("{node}: not formatted")),
            Err(error) => why.push(format!("{node}: {error}")),
        }
    }
    Err(anyhow::anyhow!("{}", why.join("; "))).context("no node tells the namespace of its edits")
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::QuorumJournalUri;

    use super::*;

    fn quorum(journal: &str) -> Quorum {
        let uri = QuorumJournalUri::parse(&format!("qjournal://n1:1/{journal}")).unwrap();
        Quorum { nameservice: None, uri }
    }

    #[test]
    fn the_only_journal_need_not_be_named() {
        let name = |quorums: &[&str], journal| {
            let quorums = quorums.iter().map(|name| quorum(name)).collect();
            chosen(quorums, journal).map(|quorum| quorum.uri.journal_id)
        };
        assert_eq!(name(&["a"], None).unwrap(), "a");
        assert_eq!(name(&["a", "b"], Some("b")).unwrap(), "b");
        for (quorums, journal, text) in [
            (&["a", "b"][..], None, "--journal: a, b"),
            (&["a"], Some("c"), "no such journal"),
            (&[], None, "dfs.namenode.shared.edits.dir"),
        ] {
            let error = name(quorums, journal).unwrap_err().to_string();
            assert!(error.contains(text), "{error}");
        }
    }
}
