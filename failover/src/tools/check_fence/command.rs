use std::io::{self, Write};

use anyhow::bail;
use clap::Args;

use super::{TargetCheck, check, table};
use crate::tools::Context;
use hadoop_ipc::tools::ToolExit;

/// Try how fencing would go, against every other NameNode: keys, login, tools, permission.
/// Nothing is killed, and no script is run.
///
/// Run it on each host of a controller, as the user of the controller.
///
/// Exit status: 0 if every one can be fenced, 1 if not, 2 if there is nobody to look at.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

pub(in crate::tools) async fn run(
    context: &Context,
    options: &Options,
) -> anyhow::Result<ToolExit> {
    let local = context.local();
    let mut checks = Vec::new();
    for settings in &context.nameservices {
        checks.extend(check(&context.conf, settings, local.as_ref()).await);
    }
    if checks.is_empty() {
        bail!("no NameNode but that of this host has an address: there is nobody to fence");
    }
    let exit = match checks.iter().all(TargetCheck::works) {
        true => ToolExit::Clean,
        false => ToolExit::Found,
    };
    Ok(ToolExit::of("zkfc-rs", print(&checks, options.json).map(|()| exit)))
}

fn print(checks: &[TargetCheck], as_json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match as_json {
        true => writeln!(out, "{}", table::to_json(checks))?,
        false => write!(out, "{}", table::render(checks))?,
    }
    out.flush()
}
