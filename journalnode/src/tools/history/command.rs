use std::io::{self, Write};

use clap::Args;
use hadoop_proto::inspect::v1::{HistoryEvent, HistoryRequest};
use tokio::runtime;

use super::table::{json, render};
use crate::tools::inspection::Asked;
use hadoop_ipc::tools::ToolExit;

/// Show what happened to a journal on one JournalNode of ours: epochs, segments, recoveries.
///
/// Exit status: 0, or 2 if it could not be told.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// One JSON line for each event instead of a table.
    #[arg(long)]
    json: bool,
    /// At most so many, the newest.
    #[arg(long, value_name = "N", default_value_t = 50,
        value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    #[command(flatten)]
    asked: Asked,
}

/// Asks and reports on standard output.
pub fn run(options: &Options) -> ToolExit {
    let events = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(options.events()));
    match events {
        Ok(events) => ToolExit::of("journalnode", options.print(&events).map(|()| ToolExit::Clean)),
        Err(error) => {
            eprintln!("journalnode: {error:#}");
            ToolExit::Failed
        }
    }
}

impl Options {
    async fn events(&self) -> anyhow::Result<Vec<HistoryEvent>> {
        let conf = self.asked.conf("history")?;
        let mut client = self.asked.connect(&conf).await?;
        let journal = self.asked.journal(&conf, &mut client).await?;
        let request = HistoryRequest { journal, after_seq: None, limit: self.limit };
        Ok(client.history(request).await?.events)
    }

    fn print(&self, events: &[HistoryEvent]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            events.iter().try_for_each(|event| writeln!(out, "{}", json(event)))?;
        } else {
            write!(out, "{}", render(events))?;
        }
        out.flush()
    }
}
