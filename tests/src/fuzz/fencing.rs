use std::sync::LazyLock;

use failover::fence::{CommaRule, FenceConfigError, FenceOptions, Fencer};
use regex::Regex;

/// A line as Java's patterns have it, where a dot matches no end of a line.
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"\A([a-zA-Z0-9.$]+)(?:\(([^\r\n\u{85}\u{2028}\u{2029}]+)\))?\z";
    Regex::new(pattern).unwrap_or_else(|error| panic!("{error}"))
});

/// A value of `dfs.ha.fencing.methods`: what is accepted, Java can read too, and something is there
/// to fence with.
pub(super) fn check(data: &[u8]) {
    let Ok(value) = std::str::from_utf8(data) else { return };
    let outcomes = [CommaRule::Java, CommaRule::WholeText].map(|comma| accepted(value, comma));
    assert_eq!(outcomes[0], outcomes[1], "a comma decides what a valid method is");
    let lines = java_lines(value);
    match &outcomes[0] {
        Ok(()) => {
            assert!(!lines.is_empty(), "nothing to fence with");
            assert!(lines.iter().all(|line| is_method(line)), "Java refuses one of {lines:?}");
        }
        Err(FenceConfigError::NoMethods) => assert!(lines.is_empty(), "{lines:?}"),
        Err(FenceConfigError::Unreadable { line }) => {
            assert!(lines.contains(&line.as_str()) && !LINE.is_match(line), "{line:?}");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn accepted(value: &str, comma: CommaRule) -> Result<(), FenceConfigError> {
    let mut options = FenceOptions::default();
    options.shell.comma = comma;
    Fencer::parse(value, options).map(drop)
}

/// Without comments, blanks and empty lines (`NodeFencer.parseMethods`).
fn java_lines(value: &str) -> Vec<&str> {
    let lines = value.split('\n').map(|line| line.find('#').map_or(line, |at| &line[..at]));
    lines.map(|line| line.trim_matches(|c| c <= ' ')).filter(|line| !line.is_empty()).collect()
}

fn is_method(line: &str) -> bool {
    let Some(parts) = LINE.captures(line) else { return false };
    let has_argument = parts.get(2).is_some();
    match &parts[1] {
        "shell" | "org.apache.hadoop.ha.ShellCommandFencer" => has_argument,
        name => matches!(name, "sshfence" | "org.apache.hadoop.ha.SshFenceByTcpPort"),
    }
}
