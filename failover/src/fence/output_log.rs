use std::sync::Mutex;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tracing::{info, warn};

use super::log_level::LogLevel;

/// Longer lines are logged in pieces.
const MAX_LINE_BYTES: u64 = 8 << 10;
/// Length of the prefix, in characters.
const PREFIX_CHARS: usize = 20;

/// Writes what a fencing command prints to the log, line by line, as Java does
/// (`StreamPumper`), and keeps the last line for the report.
#[derive(Debug)]
pub(super) struct OutputLog {
    prefix: String,
    last: Mutex<Option<String>>,
}

impl OutputLog {
    pub(super) fn new(command: &str) -> Self {
        Self { prefix: abbreviate(command), last: Mutex::new(None) }
    }

    /// Logs `stream` to its end.
    pub(super) async fn pump(&self, stream: impl AsyncRead + Unpin, level: LogLevel) {
        let mut stream = BufReader::new(stream);
        loop {
            let mut line = Vec::new();
            let mut limited = (&mut stream).take(MAX_LINE_BYTES);
            match limited.read_until(b'\n', &mut line).await {
                Ok(0) | Err(_) => return,
                Ok(_) => self.line(&String::from_utf8_lossy(&line), level),
            }
        }
    }

    /// Logs one line.
    pub(super) fn line(&self, line: &str, level: LogLevel) {
        let line = line.trim_end_matches(['\r', '\n']);
        match level {
            LogLevel::Info => info!("{}: {line}", self.prefix),
            LogLevel::Warn => warn!("{}: {line}", self.prefix),
        }
        if !line.trim().is_empty()
            && let Ok(mut last) = self.last.lock()
        {
            *last = Some(line.trim().to_owned());
        }
    }

    /// The last line that was not blank, as an addition to a reason.
    pub(super) fn last_words(&self) -> String {
        let last = self.last.lock().ok().and_then(|last| last.clone());
        last.map(|line| format!("; its last line: {line}")).unwrap_or_default()
    }
}

/// Java: `ShellCommandFencer.abbreviate`.
fn abbreviate(command: &str) -> String {
    const DOTS: &str = "...";
    let chars: Vec<char> = command.chars().collect();
    if chars.len() <= PREFIX_CHARS {
        return command.to_owned();
    }
    let first = (PREFIX_CHARS - DOTS.len()) / 2;
    let rest = PREFIX_CHARS - DOTS.len() - first;
    let (head, tail) = (&chars[..first], &chars[chars.len() - rest..]);
    head.iter().copied().chain(DOTS.chars()).chain(tail.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fc_099_the_prefix_is_eight_characters_dots_and_nine() {
        assert_eq!(abbreviate("a command with 20 ch"), "a command with 20 ch");
        assert_eq!(abbreviate("/usr/local/bin/fence-the-namenode"), "/usr/loc...-namenode");
    }

    #[tokio::test]
    async fn the_last_line_that_says_something_is_kept() {
        let log = OutputLog::new("x");
        log.pump(&b"first\nsecond\n\n"[..], LogLevel::Info).await;
        assert_eq!(log.last_words(), "; its last line: second");
    }
}
