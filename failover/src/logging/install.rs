use std::io::{self, IsTerminal};

use hadoop_ipc::logging::{LogFormat, OneLine};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, fmt};

/// It narrates every connection; its failures reach the log through ours.
const SILENT: &str = "zookeeper_client";

/// Starts logging to stderr: `info`, or what `RUST_LOG` says (`info,failover::fence=debug`).
pub fn install(format: LogFormat) -> Result<(), TryInitError> {
    let wanted = std::env::var("RUST_LOG").ok().filter(|wanted| !wanted.is_empty());
    let parsed = wanted.as_deref().map(str::parse::<Targets>);
    let levels = match &parsed {
        Some(Ok(targets)) => targets.clone(),
        _ => {
            let info = Targets::new().with_default(LevelFilter::INFO);
            info.with_target(SILENT, LevelFilter::OFF)
        }
    };
    let colours = format == LogFormat::Text && io::stderr().is_terminal();
    let lines = fmt::layer().with_writer(move || OneLine::new(io::stderr(), colours));
    let lines = match format {
        LogFormat::Text => lines.with_ansi(colours).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry().with(levels).with(lines).try_init()?;
    if let Some(Err(error)) = parsed {
        tracing::warn!("RUST_LOG is not understood, logging at info: {error}");
    }
    Ok(())
}
