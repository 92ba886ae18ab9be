use std::io::{self, Write};

use clap::Args;
use hadoop_proto::inspect::v1::scrub_response::Event;
use hadoop_proto::inspect::v1::{ScrubFinding, ScrubRequest, ScrubSummary};
use tokio::runtime;

use super::bar::Bar;
use super::outcome::{exit, finding_json, summary_json, summary_text, text};
use crate::inspect::InspectClient;
use crate::tools::inspection::Asked;
use hadoop_ipc::tools::ToolExit;

/// Have a running JournalNode of ours read its finished segments again now, and heal what is
/// damaged.
///
/// Exit status: 0 if all is as it should be, 1 if a segment was damaged, healed or not, 2 if it
/// could not be told.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// JSON lines: one for each finding, and one for the end.
    #[arg(long)]
    json: bool,
    /// As fast as the disk goes, not at the pace of dfs.journalnode.scrub.bandwidthPerSec.
    #[arg(long)]
    unpaced: bool,
    #[command(flatten)]
    asked: Asked,
}

/// Asks and reports on standard output.
pub fn run(options: &Options) -> ToolExit {
    let scrubbed = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(options.scrub()));
    scrubbed.unwrap_or_else(|error| {
        eprintln!("journalnode: {error:#}");
        ToolExit::Failed
    })
}

impl Options {
    async fn scrub(&self) -> anyhow::Result<ToolExit> {
        let conf = self.asked.conf("scrub")?;
        let client = self.asked.connect(&conf).await?;
        let bar = Bar::on_terminal();
        let summary = self.follow(client, &bar).await;
        bar.clear();
        let summary = summary?;
        let end =
            if self.json { summary_json(&summary).to_string() } else { summary_text(&summary) };
        Ok(ToolExit::of("journalnode", print(&end).map(|()| exit(&summary))))
    }

    async fn follow(&self, mut client: InspectClient, bar: &Bar) -> anyhow::Result<ScrubSummary> {
        let request = ScrubRequest { journal: self.asked.journal.clone(), unpaced: self.unpaced };
        let mut events = client.scrub(request).await?;
        let next = async |events: &mut tonic::Streaming<_>| {
            events.message().await.map_err(|status| client.failed("scrub", &status))
        };
        while let Some(answer) = next(&mut events).await? {
            match answer.event {
                Some(Event::Progress(progress)) => bar.draw(&progress),
                Some(Event::Finding(finding)) => self.tell(&finding, bar)?,
                Some(Event::Summary(summary)) => return Ok(summary),
                // Of a newer node.
                None => {}
            }
        }
        anyhow::bail!("the node ended the scrub without saying what came of it")
    }

    fn tell(&self, finding: &ScrubFinding, bar: &Bar) -> io::Result<()> {
        bar.clear();
        print(&if self.json { finding_json(finding).to_string() } else { text(finding) })
    }
}

fn print(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
