use std::io::{self, stdout};

use clap::Args;
use tokio::runtime;

use super::begin::Begin;
use super::lines::Lines;
use super::node;
use super::quorum::QuorumTail;
use crate::tools::inspection::Asked;
use crate::types::TxId;
use hadoop_ipc::tools::ToolExit;

/// Follow the committed edits as they become durable: a JSON line for each transaction.
///
/// By default those that a majority of dfs.namenode.shared.edits.dir has, Java's nodes or ours;
/// with --node those that one node of ours knows to be committed. Ends with SIGINT, with its
/// reader, or after --count lines.
///
/// Exit status: 0, or 2 if there is nobody to follow, or no more.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Begin with this transaction instead of the next one that becomes committed.
    #[arg(long, value_name = "TXID", value_parser = clap::value_parser!(i64).range(1..),
        conflicts_with = "from_start")]
    since: Option<i64>,
    /// Begin with the oldest one that there is.
    #[arg(long)]
    from_start: bool,
    /// End after so many.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    #[command(flatten)]
    asked: Asked,
}

/// Follows, and prints on standard output.
pub fn run(options: &Options) -> ToolExit {
    let followed = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(options.until_interrupted()));
    match followed {
        Ok(()) => ToolExit::Clean,
        Err(error) if is_closed_pipe(&error) => ToolExit::Clean,
        Err(error) => {
            eprintln!("journalnode: {error:#}");
            ToolExit::Failed
        }
    }
}

impl Options {
    async fn until_interrupted(&self) -> anyhow::Result<()> {
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
            followed = self.follow() => followed,
        }
    }

    async fn follow(&self) -> anyhow::Result<()> {
        let conf = self.asked.conf("tail")?;
        let begin = self.begin();
        let lines = Lines::new(stdout().lock(), self.count);
        if self.asked.node.is_some() {
            return node::follow(&self.asked, &conf, begin, lines).await;
        }
        let quorum = QuorumTail::open(&conf, self.asked.journal.as_deref()).await?;
        quorum.follow(begin, lines).await
    }

    fn begin(&self) -> Begin {
        match (self.since, self.from_start) {
            (Some(txid), _) => Begin::At(TxId(txid)),
            (None, true) => Begin::At(TxId(1)),
            (None, false) => Begin::Next,
        }
    }
}

/// A reader that went away (`| head`) has seen enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
