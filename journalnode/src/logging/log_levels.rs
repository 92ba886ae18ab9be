use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::sync::{Arc, Mutex, PoisonError};

use hadoop_ipc::logging::{LogFormat, OneLine};
use thiserror::Error;
use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt, reload};

use super::LevelName;
use super::logger_name::target_of;

/// Loggers whose level can be set at the same time: names come from the network.
const MAX_LOGGERS: usize = 256;

/// Levels by name, to be changed while the process runs.
#[derive(Debug, Default)]
pub struct LogLevels {
    levels: Mutex<Levels>,
    active: Option<reload::Handle<Targets, Registry>>,
}

#[derive(Debug)]
struct Levels {
    base: Targets,
    root: Option<LevelFilter>,
    by_target: BTreeMap<String, LevelFilter>,
}

/// Why logging is not as it should be.
#[derive(Debug, Error)]
pub enum LoggingError {
    /// Something else in this process logs already.
    #[error("logging is set up already: {0}")]
    Installed(#[from] tracing_subscriber::util::TryInitError),
    /// Names are never forgotten, so there is an end to them.
    #[error("levels of {MAX_LOGGERS} loggers were set, no further one can be")]
    TooMany,
    /// The subscriber is gone: the process is ending.
    #[error("the level cannot be changed: {0}")]
    Reload(#[from] reload::Error),
}

impl Default for Levels {
    fn default() -> Self {
        let base = Targets::new().with_default(LevelFilter::INFO);
        Self { base, root: None, by_target: BTreeMap::new() }
    }
}

impl LogLevels {
    /// Starts logging to stderr: `info`, or what `RUST_LOG` says (`info,journalnode::rpc=debug`).
    pub fn install(format: LogFormat) -> Result<Arc<Self>, LoggingError> {
        let wanted = std::env::var("RUST_LOG").ok();
        let parsed = wanted.as_deref().map(str::parse::<Targets>);
        let base = match &parsed {
            Some(Ok(targets)) => targets.clone(),
            _ => Levels::default().base,
        };
        let (filter, handle) = reload::Layer::new(base.clone());
        let colours = format == LogFormat::Text && io::stderr().is_terminal();
        let lines = fmt::layer().with_writer(move || OneLine::new(io::stderr(), colours));
        let lines = match format {
            LogFormat::Text => lines.with_ansi(colours).boxed(),
            LogFormat::Json => lines.json().flatten_event(true).boxed(),
        };
        tracing_subscriber::registry().with(filter).with(lines).try_init()?;
        if let Some(Err(error)) = parsed {
            tracing::warn!("RUST_LOG is not understood, logging at info: {error}");
        }
        let levels = Mutex::new(Levels { base, ..Levels::default() });
        Ok(Arc::new(Self { levels, active: Some(handle) }))
    }

    /// The level at which a logger logs, by Hadoop's name or a module's.
    pub fn effective(&self, logger: &str) -> LevelName {
        let levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing is called this: what remains is the default.
        let target = target_of(logger).unwrap_or("\u{0}");
        LevelName(levels.effective(target))
    }

    /// Sets the level of a logger and of those below it.
    pub fn set(&self, logger: &str, level: LevelName) -> Result<(), LoggingError> {
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        match target_of(logger) {
            None => levels.root = Some(level.0),
            Some(target) => {
                let known = levels.by_target.contains_key(target);
                if !known && levels.by_target.len() >= MAX_LOGGERS {
                    return Err(LoggingError::TooMany);
                }
                levels.by_target.insert(target.to_owned(), level.0);
            }
        }
        match &self.active {
            Some(active) => Ok(active.reload(levels.targets())?),
            None => Ok(()),
        }
    }
}

impl Levels {
    fn targets(&self) -> Targets {
        let mut targets = self.base.clone();
        if let Some(root) = self.root {
            targets = targets.with_default(root);
        }
        targets.with_targets(self.by_target.clone())
    }

    fn effective(&self, target: &str) -> LevelFilter {
        let targets = self.targets();
        [Level::TRACE, Level::DEBUG, Level::INFO, Level::WARN, Level::ERROR]
            .into_iter()
            .find(|level| targets.would_enable(target, level))
            .map_or(LevelFilter::OFF, LevelFilter::from_level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOURNAL: &str = "org.apache.hadoop.hdfs.qjournal.server.Journal";

    fn set(levels: &LogLevels, logger: &str, level: &str) {
        levels.set(logger, LevelName::parse(level).unwrap()).unwrap();
    }

    #[test]
    fn jn_131_a_level_set_under_hadoops_name_holds_for_our_module() {
        let levels = LogLevels::default();
        assert_eq!(levels.effective(JOURNAL).to_string(), "INFO");
        set(&levels, JOURNAL, "debug");
        assert_eq!(levels.effective("journalnode::journal").to_string(), "DEBUG");
        assert_eq!(levels.effective("journalnode::rpc").to_string(), "INFO");
    }

    #[test]
    fn the_root_level_is_everybodys_who_has_none() {
        let levels = LogLevels::default();
        set(&levels, JOURNAL, "trace");
        set(&levels, "root", "error");
        assert_eq!(levels.effective("hadoop_ipc").to_string(), "ERROR");
        assert_eq!(levels.effective("root").to_string(), "ERROR");
        assert_eq!(levels.effective(JOURNAL).to_string(), "TRACE");
    }

    #[test]
    fn names_from_the_network_do_not_pile_up() {
        let levels = LogLevels::default();
        let set = |index: usize| levels.set(&format!("x{index}"), LevelName(LevelFilter::INFO));
        assert!((0..MAX_LOGGERS).all(|index| set(index).is_ok()));
        assert!(matches!(set(MAX_LOGGERS), Err(LoggingError::TooMany)));
        assert!(set(0).is_ok());
    }
}
