//! `journalnode`: takes the place of `hdfs journalnode`.

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use hadoop_ipc::conf::{Environment, GenericOptions};
use hadoop_ipc::logging::LogFormat;
use journalnode::daemon::{
    Daemon, Exit, Predecessor, Program, Requests, raise_descriptor_limit, stop_signal,
};
use journalnode::logging::LogLevels;
use journalnode::tools::Tools;
use tracing::error;

/// The variable that asks for lines of JSON.
const LOG_FORMAT: &str = "JOURNALNODE_LOG_FORMAT";
/// How long what runs beside the daemon may take to end after it.
const LAST_TASKS: Duration = Duration::from_millis(500);

/// A drop-in replacement for the HDFS JournalNode.
///
/// Takes Hadoop's generic options and ignores all else, as Java's does. With the name of a tool
/// as its first argument it is that tool: see `journalnode verify --help`.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "As its first argument it also takes: verify DIR, dump FILE, status, history, scrub, tail."
)]
struct Cli {
    /// --config DIR, -conf FILE, -D KEY=VALUE; the configuration is read from DIR, else
    /// $HADOOP_CONF_DIR, else $HADOOP_HOME/etc/hadoop, else /etc/hadoop/conf.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "GENERIC OPTIONS")]
    options: Vec<OsString>,
}

fn main() -> ExitCode {
    if Tools::are_meant(std::env::args_os().nth(1).as_deref()) {
        return Tools::of(std::env::args_os()).run().into();
    }
    let cli = Cli::parse();
    let exit = LogLevels::install(LogFormat::of_process(LOG_FORMAT))
        .map_err(|failure| eprintln!("cannot start logging: {failure}"))
        .and_then(|logging| {
            run(cli.options, logging).map_err(|failure| error!("failed to start: {failure}"))
        });
    ExitCode::from(exit.unwrap_or(Exit::StartFailed).status())
}

fn run(options: Vec<OsString>, logging: Arc<LogLevels>) -> anyhow::Result<Exit> {
    let program = Program::of_process()?;
    let predecessor = Predecessor::of_process()?;
    let options = options.into_iter().map(|option| option.to_string_lossy().into_owned());
    let conf = GenericOptions::parse(options)?.load(Environment::of_process())?;
    raise_descriptor_limit();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_name("journalnode")
        .enable_all()
        .build()?;
    let exit = runtime.block_on(async {
        let requests = Requests::listen()?;
        let daemon = match predecessor {
            None => Daemon::start(conf, logging).await?,
            Some(predecessor) => Daemon::succeed(conf, logging, predecessor).await?,
        };
        let stop = stop_signal()?;
        Ok(daemon.replaceable(program, requests).serve(stop).await)
    });
    // What a disk holds up by now would hold up the end for ever.
    runtime.shutdown_timeout(LAST_TASKS);
    exit
}
