use clap::Args;
use serde_json::json;

use crate::ledger::{LedgerError, Paused};
use crate::lock::LockSession;
use crate::tools::context::open;
use crate::tools::{Context, time};
use hadoop_ipc::tools::ToolExit;

/// Keep controllers of this kind from failing over on their own, until `resume`.
///
/// NameNodes stay as they are, also when the active one fails. Java's controllers do not know
/// of it.
///
/// Exit status: 0 if automatic failover is paused now, 2 if ZooKeeper could not be told.
#[derive(Clone, Debug, Args)]
pub struct PauseOptions {
    /// Why, for those who come after you.
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    /// Which nameservice, if there are several.
    #[arg(long, value_name = "NAME")]
    nameservice: Option<String>,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

/// End a pause.
///
/// Exit status: 0 if there is none now, 2 if ZooKeeper could not be told.
#[derive(Clone, Debug, Args)]
pub struct ResumeOptions {
    /// Which nameservice, if there are several.
    #[arg(long, value_name = "NAME")]
    nameservice: Option<String>,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

pub(in crate::tools) async fn pause(
    context: &Context,
    options: &PauseOptions,
) -> anyhow::Result<ToolExit> {
    let settings = context.nameservice(options.nameservice.as_deref())?;
    let session = open(settings).await.map_err(anyhow::Error::msg)?;
    let paused = Paused { by: context.who(), at_ms: time::now_ms(), why: options.reason.clone() };
    let done = session.ledger().pause(paused.clone()).await;
    session.close().await;
    done?;
    let text = format!("automatic failover of {} is paused; end it with resume", settings.name);
    tell(options.json, json!({ "nameservice": settings.name, "paused": paused }), &text);
    Ok(ToolExit::Clean)
}

pub(in crate::tools) async fn resume(
    context: &Context,
    options: &ResumeOptions,
) -> anyhow::Result<ToolExit> {
    let settings = context.nameservice(options.nameservice.as_deref())?;
    let session = open(settings).await.map_err(anyhow::Error::msg)?;
    let ledger = session.ledger();
    let done: Result<_, LedgerError> = async {
        let paused = ledger.paused().await?;
        ledger.resume().await?;
        Ok(paused)
    }
    .await;
    session.close().await;
    let was = done?;
    let text = match &was {
        Some(was) => format!(
            "automatic failover of {} goes on; {} had paused it at {}",
            settings.name,
            was.by,
            time::utc(was.at_ms)
        ),
        None => format!("automatic failover of {} was not paused", settings.name),
    };
    tell(options.json, json!({ "nameservice": settings.name, "paused": null, "was": was }), &text);
    Ok(ToolExit::Clean)
}

fn tell(as_json: bool, value: serde_json::Value, text: &str) {
    if as_json {
        println!("{value}");
    } else {
        println!("{text}");
    }
}
