use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use clap::Args;
use futures_util::future::join_all;
use hadoop_ipc::conf::{Configuration, Environment, GenericOptions};
use hadoop_ipc::security::Authentication;
use tokio::runtime;
use tokio::time::sleep;

use super::quorum_view::exit;
use super::{Quorum, QuorumView, json, probe, quorums, table};
use hadoop_ipc::tools::ToolExit;

const CLEAR_SCREEN: &str = "\x1b[H\x1b[2J";

/// Show all JournalNodes of dfs.namenode.shared.edits.dir, Java's and ours.
///
/// Exit status: 0 if all are in step, 1 if one is not or there is no quorum, 2 if there is
/// nobody to ask.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
    /// Look again every so many seconds, until interrupted.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    watch: Option<u64>,
    /// Hadoop's: --config DIR, -conf FILE, -D KEY=VALUE.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "GENERIC OPTIONS")]
    generic: Vec<String>,
}

/// Asks and reports on standard output.
pub fn run(options: &Options) -> ToolExit {
    watched(options).unwrap_or_else(|error| {
        eprintln!("journalnode: {error}");
        ToolExit::Failed
    })
}

fn watched(options: &Options) -> anyhow::Result<ToolExit> {
    let options = options.clone().with_trailing()?;
    let generic = GenericOptions::parse(options.generic.iter().cloned())?;
    if let Some(argument) = generic.remaining.first() {
        anyhow::bail!("unknown argument {argument:?}; see journalnode status --help");
    }
    let conf = generic.load(Environment::of_process())?;
    conf.warnings().iter().for_each(|warning| eprintln!("journalnode: {warning}"));
    let quorums = who_to_ask(&conf)?;
    let user = conf.environment().property("user.name").map(str::to_owned);
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(ToolExit::of("journalnode", runtime.block_on(options.repeat(&quorums, user.as_deref()))))
}

fn who_to_ask(conf: &Configuration) -> anyhow::Result<Vec<Quorum>> {
    if Authentication::from_configuration(conf)?.is_secure() {
        anyhow::bail!("this tool does not speak Kerberos yet; look at /jmx of each JournalNode");
    }
    let quorums = quorums(conf)?;
    if quorums.is_empty() {
        anyhow::bail!(
            "dfs.namenode.shared.edits.dir is not set: there is nobody to ask (--config DIR?)"
        );
    }
    Ok(quorums)
}

impl Options {
    /// Takes our own options out of what follows the first generic one.
    fn with_trailing(mut self) -> anyhow::Result<Self> {
        let mut arguments = std::mem::take(&mut self.generic).into_iter();
        while let Some(argument) = arguments.next() {
            match argument.split_once('=').unwrap_or((&argument, "")) {
                ("--json", "") => self.json = true,
                ("--watch", "") => {
                    self.watch = Some(seconds(&arguments.next().unwrap_or_default())?);
                }
                ("--watch", value) => self.watch = Some(seconds(value)?),
                _ => self.generic.push(argument),
            }
        }
        Ok(self)
    }

    async fn repeat(&self, quorums: &[Quorum], user: Option<&str>) -> io::Result<ToolExit> {
        loop {
            let views = join_all(quorums.iter().map(|quorum| probe::look(quorum, user))).await;
            self.print(&views)?;
            let Some(seconds) = self.watch else { return Ok(exit(&views)) };
            sleep(Duration::from_secs(seconds)).await;
        }
    }

    fn print(&self, views: &[QuorumView]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            writeln!(out, "{}", json::to_json(views))?;
            return out.flush();
        }
        if self.watch.is_some() && out.is_terminal() {
            write!(out, "{CLEAR_SCREEN}")?;
        }
        let tables: Vec<_> = views.iter().map(table::render).collect();
        write!(out, "{}", tables.join("\n"))?;
        out.flush()
    }
}

fn seconds(text: &str) -> anyhow::Result<u64> {
    let seconds = text.parse().ok().filter(|seconds| *seconds > 0);
    seconds.ok_or_else(|| anyhow::anyhow!("--watch wants a number of seconds, not {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(generic: &[&str]) -> anyhow::Result<Options> {
        let generic = generic.iter().map(|argument| (*argument).to_owned()).collect();
        Options { json: false, watch: None, generic }.with_trailing()
    }

    #[test]
    fn our_options_may_come_before_and_behind_those_of_hadoop() {
        let taken = options(&["--config", "d", "--json", "-D", "a=b", "--watch", "3"]).unwrap();
        assert_eq!((taken.json, taken.watch), (true, Some(3)));
        assert_eq!(taken.generic, ["--config", "d", "-D", "a=b"]);
        assert_eq!(options(&["-Da=b", "--watch=7"]).unwrap().watch, Some(7));
        for bad in [&["-Da=b", "--watch"][..], &["--watch=0"], &["--watch", "soon"]] {
            assert!(options(bad).is_err(), "{bad:?}");
        }
    }
}
