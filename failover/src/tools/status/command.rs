use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use clap::Args;
use futures_util::future::join_all;
use tokio::time::sleep;

use super::{json, table};
use crate::tools::cluster::{NameserviceView, look};
use crate::tools::{Context, time};
use hadoop_ipc::tools::ToolExit;

const CLEAR_SCREEN: &str = "\x1b[H\x1b[2J";

/// Show NameNodes, lock, breadcrumb, controllers and ZooKeeper's servers.
///
/// Exit status: 0 if all is well, 1 if something is not, 2 if there is nobody to ask.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// One JSON object instead of tables.
    #[arg(long)]
    json: bool,
    /// Look again every so many seconds, until interrupted.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    watch: Option<u64>,
}

pub(in crate::tools) async fn run(
    context: &Context,
    options: &Options,
) -> anyhow::Result<ToolExit> {
    loop {
        let looks = context.nameservices.iter().map(|settings| look(context, settings));
        let views = join_all(looks).await;
        let printed = options.print(&views).map(|()| exit(&views));
        let Some(seconds) = options.watch.filter(|_| printed.is_ok()) else {
            return Ok(ToolExit::of("zkfc-rs", printed));
        };
        sleep(Duration::from_secs(seconds)).await;
    }
}

fn exit(views: &[NameserviceView]) -> ToolExit {
    let nobody_answers = |view: &NameserviceView| {
        view.election.is_err() && view.namenodes.iter().all(|namenode| namenode.status.is_err())
    };
    if views.iter().all(nobody_answers) {
        ToolExit::Failed
    } else if views.iter().all(|view| view.problems().is_empty()) {
        ToolExit::Clean
    } else {
        ToolExit::Found
    }
}

impl Options {
    fn print(&self, views: &[NameserviceView]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            writeln!(out, "{}", json::to_json(views))?;
            return out.flush();
        }
        if self.watch.is_some() && out.is_terminal() {
            write!(out, "{CLEAR_SCREEN}")?;
        }
        let now_ms = time::now_ms();
        let tables: Vec<_> = views.iter().map(|view| table::render(view, now_ms)).collect();
        write!(out, "{}", tables.join("\n"))?;
        out.flush()
    }
}
