//! `zkfc-rs`: takes the place of `hdfs zkfc`.

use std::process::ExitCode;

use failover::cli::{Arguments, USAGE, run};
use failover::logging::install;
use failover::tools::Tools;
use hadoop_ipc::conf::{Environment, GenericOptions};
use hadoop_ipc::logging::LogFormat;
use tracing::{error, info};
use tracing_subscriber::EnvFilter;

/// The variable that asks for lines of JSON.
const LOG_FORMAT: &str = "ZKFC_RS_LOG_FORMAT";
/// Threads that carry the event loop, sessions and calls; what blocks has threads of its own.
const WORKERS: usize = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    if Arguments::ask_for_help(&arguments) {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    if Tools::are_meant(&arguments) {
        return run_tool(arguments);
    }
    if let Err(problem) = install(LogFormat::of_process(LOG_FORMAT)) {
        eprintln!("cannot start logging: {problem}");
        return ExitCode::FAILURE;
    }
    info!("zkfc-rs {} starts", env!("CARGO_PKG_VERSION"));
    match start(arguments) {
        Ok(status) => ExitCode::from(status),
        Err(problem) => {
            error!("failed to start: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// A tool says what it has to say itself; the log is for those who ask for it by RUST_LOG.
fn run_tool(arguments: Vec<String>) -> ExitCode {
    let levels = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(levels).with_writer(std::io::stderr).init();
    Tools::run(arguments).into()
}

fn start(arguments: Vec<String>) -> anyhow::Result<u8> {
    let options = GenericOptions::parse(arguments)?;
    let conf = options.load(Environment::of_process())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("zkfc-rs")
        .enable_all()
        .build()?;
    let arguments = Arguments(options.remaining);
    let status = runtime.block_on(run(&conf, &arguments)).unwrap_or_else(|failure| {
        error!("failed to start: {failure}");
        failure.exit_code()
    });
    // What still blocks (a name that does not resolve) must not keep the process.
    runtime.shutdown_background();
    Ok(status)
}
