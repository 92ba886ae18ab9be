use std::io::Write;

use hadoop_ipc::conf::Configuration;
use hadoop_proto::inspect::v1::TailRequest;

use super::begin::{Begin, skipped};
use super::lines::Lines;
use crate::tools::inspection::Asked;
use crate::types::TxId;

/// Follows one node, which pushes what it knows to be committed.
pub(super) async fn follow(
    asked: &Asked,
    conf: &Configuration,
    begin: Begin,
    mut lines: Lines<impl Write>,
) -> anyhow::Result<()> {
    let mut client = asked.connect(conf).await?;
    let journal = asked.journal(conf, &mut client).await?;
    let since = begin.since();
    let request = TailRequest {
        journal,
        since_txid: since.map(|txid| txid.0),
        or_oldest: true,
        with_bytes: false,
    };
    let mut answers = client.tail(request).await?;
    let mut wanted = since;
    loop {
        let answer = answers.message().await.map_err(|status| client.failed("tail", &status))?;
        let Some(answer) = answer else { anyhow::bail!("the node ended the tail") };
        let first = answer.transactions.first().map(|transaction| TxId(transaction.txid));
        if let Some(said) = wanted.take().zip(first).and_then(|(w, f)| skipped(w, f)) {
            eprintln!("journalnode: {said}");
        }
        if lines.print(&answer.transactions)?.is_break() {
            return Ok(());
        }
    }
}
