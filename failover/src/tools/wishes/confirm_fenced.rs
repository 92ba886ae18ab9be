use std::io::{stderr, stdin};

use anyhow::bail;
use clap::Args;
use hadoop_ipc::client::Target;
use serde_json::json;

use super::{Refusal, check_target};
use crate::cli::confirm;
use crate::ledger::Confirmation;
use crate::lock::LockSession;
use crate::namenode::{NameNode, ServiceStatus};
use crate::settings::NameserviceSettings;
use crate::tools::cluster::{Named, look};
use crate::tools::context::{PATIENCE, open};
use crate::tools::{Context, time};
use crate::types::{NameNodeId, ServiceState};
use hadoop_ipc::tools::ToolExit;

/// Vouch that an old active NameNode is gone, so that another may become active unfenced.
///
/// For the case that its host is off, and no fencing method can reach it. The word is for the
/// breadcrumb that is in ZooKeeper now, and is used once.
///
/// Exit status: 0 if it is left for the controllers, 1 if it was refused or taken back, 2 if
/// ZooKeeper could not be told.
#[derive(Clone, Debug, Args)]
pub struct ConfirmOptions {
    /// The NameNode: nn1, or nameservice/nn1.
    namenode: String,
    /// How you know, for those who come after you.
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

pub(in crate::tools) async fn confirm_fenced(
    context: &Context,
    options: &ConfirmOptions,
) -> anyhow::Result<ToolExit> {
    let (nameservice, namenode) = match options.namenode.split_once('/') {
        Some((nameservice, namenode)) => (Some(nameservice), namenode),
        None => (None, options.namenode.as_str()),
    };
    let settings = context.nameservice(nameservice)?;
    let namenode = NameNodeId::new(&settings.name, namenode);
    let view = look(context, settings).await;
    let breadcrumb = match check_target(&view, &namenode) {
        Ok(breadcrumb) => breadcrumb,
        Err(Refusal::Unknown(why)) => bail!(why),
        Err(refusal) => {
            eprintln!("zkfc-rs: {refusal}");
            return Ok(ToolExit::Found);
        }
    };
    let answer = ask(context, breadcrumb).await;
    if matches!(&answer, Ok(status) if status.state == ServiceState::Active) {
        eprintln!("zkfc-rs: {}", Refusal::Active(namenode));
        return Ok(ToolExit::Found);
    }
    eprintln!("{}", risk(breadcrumb, &answer));
    if !options.yes && !asked(&namenode) {
        eprintln!("nothing was changed");
        return Ok(ToolExit::Found);
    }
    let word = Confirmation {
        by: context.who(),
        at_ms: time::now_ms(),
        why: options.reason.clone(),
        namenode,
        breadcrumb_version: breadcrumb.version,
        breadcrumb_mzxid: breadcrumb.mzxid,
    };
    leave(settings, word, options.json).await
}

async fn leave(
    settings: &NameserviceSettings,
    word: Confirmation,
    as_json: bool,
) -> anyhow::Result<ToolExit> {
    let session = open(settings).await.map_err(anyhow::Error::msg)?;
    let done = session.ledger().confirm_fenced(word.clone()).await;
    session.close().await;
    done?;
    if as_json {
        println!("{}", json!({ "nameservice": settings.name, "confirmed_fenced": word }));
    } else {
        println!(
            "{} counts as fenced; the next controller that takes the lock uses that",
            word.namenode
        );
    }
    Ok(ToolExit::Clean)
}

/// Asks where the breadcrumb has it, which may not be where it is configured.
async fn ask(context: &Context, breadcrumb: &Named) -> Result<ServiceStatus, String> {
    let node = breadcrumb.node.as_ref().map_err(Clone::clone)?;
    let port = u16::try_from(node.port).map_err(|_| format!("{} is no port", node.port))?;
    let target = Target::new(&node.hostname, port);
    let namenode = NameNode::new(node.id.clone(), target, &context.calls()?);
    namenode.get_service_status(PATIENCE).await.map_err(|fault| fault.message)
}

/// What the word is for, and what it may cost.
fn risk(breadcrumb: &Named, answer: &Result<ServiceStatus, String>) -> String {
    let answer = match answer {
        Ok(status) => format!("it answers and says {}", status.state),
        Err(why) => why.clone(),
    };
    format!(
        "The breadcrumb names {}, written {}.\nAsked now: {answer}.\nIf it runs all the same, it \
         goes on answering readers with what gets older and older, until it\nwrites and its \
         JournalNodes refuse. With shared edits anywhere but on JournalNodes, both would\nwrite \
         and the namespace would be lost. Be sure that the process is gone, or its host off.",
        breadcrumb.text(),
        time::utc(breadcrumb.written_ms),
    )
}

fn asked(namenode: &NameNodeId) -> bool {
    let question = format!("Is {namenode} certainly gone?");
    confirm(&question, stdin().lock(), stderr()).unwrap_or(false)
}
