use std::io::{self, Write};

use clap::Args;
use futures_util::future::join_all;

use super::{
    Finding, Verdict, breadcrumb, clocks, configuration, ensemble, evidence, fencing,
    journal_probe, journals, names, table, znodes,
};
use crate::settings::NameserviceSettings;
use crate::tools::cluster::look;
use crate::tools::{Context, check_fence};
use hadoop_ipc::tools::ToolExit;

/// Look at everything that automatic failover needs: configuration, names, ZooKeeper, znodes,
/// breadcrumb, JournalNodes, clocks, fencing.
///
/// Run it on each host of a controller, as the user of the controller. Nothing is changed.
///
/// Exit status: 0 if nothing is bad, 1 if something is, 2 if the configuration names nothing to
/// look at.
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
    let looks = context.nameservices.iter().map(|settings| examine(context, settings));
    let findings = join_all(looks).await.concat();
    let is_bad = findings.iter().any(|finding| finding.verdict == Verdict::Bad);
    let exit = if is_bad { ToolExit::Found } else { ToolExit::Clean };
    Ok(ToolExit::of("zkfc-rs", print(&findings, options.json).map(|()| exit)))
}

async fn examine(context: &Context, settings: &NameserviceSettings) -> Vec<Finding> {
    let local = context.local();
    let journal = journal_probe::look(context, settings);
    let (view, resolved, journal, fences) = tokio::join!(
        look(context, settings),
        names::resolve(context, settings),
        journal,
        check_fence::check(&context.conf, settings, local.as_ref()),
    );
    let (clocks, data_dirs) =
        tokio::join!(clocks::look(settings, &journal), ensemble::data_dirs(settings, &view));
    let mut findings = configuration::check(settings, local.as_ref());
    findings.extend(names::check(&resolved));
    findings.extend(ensemble::check(settings, &view));
    findings.extend(ensemble::check_data_dirs(&data_dirs));
    findings.extend(znodes::check(&view));
    findings.extend(breadcrumb::check(settings, &view));
    findings.extend(journals::check(&journal));
    findings.extend(clocks::check(&clocks));
    findings.extend(fences.iter().map(fencing::check));
    findings.extend(evidence::check(settings));
    findings
}

fn print(findings: &[Finding], as_json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match as_json {
        true => writeln!(out, "{}", table::to_json(findings))?,
        false => write!(out, "{}", table::render(findings))?,
    }
    out.flush()
}
