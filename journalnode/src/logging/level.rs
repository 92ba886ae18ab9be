use std::fmt;

use tracing_subscriber::filter::LevelFilter;

/// A level as log4j names it, which is how `hadoop daemonlog` sends and shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelName(pub LevelFilter);

impl LevelName {
    /// Reads a name in any case. `FATAL` and `ALL`, which `tracing` lacks, become the nearest.
    pub fn parse(name: &str) -> Option<Self> {
        let level = match name.to_ascii_uppercase().as_str() {
            "OFF" => LevelFilter::OFF,
            "FATAL" | "ERROR" => LevelFilter::ERROR,
            "WARN" => LevelFilter::WARN,
            "INFO" => LevelFilter::INFO,
            "DEBUG" => LevelFilter::DEBUG,
            "TRACE" | "ALL" => LevelFilter::TRACE,
            _ => return None,
        };
        Some(Self(level))
    }
}

impl fmt::Display for LevelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            LevelFilter::OFF => "OFF",
            LevelFilter::ERROR => "ERROR",
            LevelFilter::WARN => "WARN",
            LevelFilter::INFO => "INFO",
            LevelFilter::DEBUG => "DEBUG",
            LevelFilter::TRACE => "TRACE",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log4j_names_are_read_in_any_case() {
        let read = |name| LevelName::parse(name).map(|level| level.to_string());
        assert_eq!(read("debug").as_deref(), Some("DEBUG"));
        assert_eq!(read("FATAL").as_deref(), Some("ERROR"));
        assert_eq!(read("All").as_deref(), Some("TRACE"));
        assert_eq!(read("verbose"), None);
    }
}
