use std::io::{self, Write};

use clap::Args;
use serde_json::{Value, json};

use super::table;
use crate::ledger::FailoverRecord;
use crate::lock::LockSession;
use crate::settings::NameserviceSettings;
use crate::tools::Context;
use crate::tools::context::open;
use hadoop_ipc::tools::ToolExit;

/// Show the failovers there were, the latest first: when, why, from whom to whom, how long each
/// part took, and how the old active was fenced.
///
/// Exit status: 0 if the latest one succeeded or there is none, 1 if it failed, 2 if ZooKeeper
/// could not be asked.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
    /// Not more than so many of each nameservice.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

type Histories<'a> = Vec<(&'a str, Vec<FailoverRecord>)>;

pub(in crate::tools) async fn run(
    context: &Context,
    options: &Options,
) -> anyhow::Result<ToolExit> {
    let mut histories = Vec::new();
    for settings in &context.nameservices {
        let mut history = read(settings).await?;
        history.truncate(options.limit);
        histories.push((settings.name.as_str(), history));
    }
    let latest = histories.iter().filter_map(|(_, history)| history.first());
    let failed = latest.into_iter().any(|record| !record.outcome.is_activated());
    let exit = if failed { ToolExit::Found } else { ToolExit::Clean };
    Ok(ToolExit::of("zkfc-rs", print(&histories, options.json).map(|()| exit)))
}

async fn read(settings: &NameserviceSettings) -> anyhow::Result<Vec<FailoverRecord>> {
    let session = open(settings).await.map_err(anyhow::Error::msg)?;
    let history = session.ledger().history().await;
    session.close().await;
    Ok(history?)
}

fn print(histories: &Histories<'_>, as_json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if as_json {
        let all: Vec<Value> = histories
            .iter()
            .map(|(name, history)| json!({ "nameservice": name, "failovers": history }))
            .collect();
        writeln!(out, "{}", json!({ "nameservices": all }))?;
        return out.flush();
    }
    let tables = histories.iter().map(|(name, history)| table::render(name, history));
    write!(out, "{}", tables.collect::<Vec<_>>().join("\n"))?;
    out.flush()
}
