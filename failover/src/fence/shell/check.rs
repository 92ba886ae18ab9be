use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use super::environment::{Environment, MAX_STRING_BYTES};
use crate::fence::CheckResult;

/// Reading a command without running it takes no time.
const SYNTAX_LIMIT: Duration = Duration::from_secs(10);

/// What can be said of a command without running it.
pub(super) async fn check(
    method: &str,
    command: Result<&str, String>,
    environment: &Environment,
) -> Vec<CheckResult> {
    let command = match command {
        Ok(command) => command,
        Err(why) => {
            let remedy = "write a script and configure shell(/path/to/script)";
            return vec![CheckResult::bad(method, "command", why, remedy)];
        }
    };
    let mut rows = vec![syntax(method, command).await];
    rows.extend(program(method, command));
    rows.extend(environment.too_large().into_iter().map(|name| {
        let found = format!("{name} has more than {MAX_STRING_BYTES} bytes; bash cannot start");
        CheckResult::bad(method, "environment", found, "shorten the property of that name")
    }));
    rows
}

async fn syntax(method: &str, command: &str) -> CheckResult {
    let mut bash = Command::new("bash");
    bash.args(["-n", "-c", command]).stdin(Stdio::null()).kill_on_drop(true);
    match timeout(SYNTAX_LIMIT, bash.output()).await {
        Ok(Ok(output)) if output.status.success() => {
            CheckResult::good(method, "command", "bash can read it; it was not run")
        }
        Ok(Ok(output)) => {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            CheckResult::bad(method, "command", said, "correct the command")
        }
        Ok(Err(error)) => {
            let found = format!("bash does not start: {error}");
            CheckResult::bad(method, "command", found, "install bash on this machine")
        }
        Err(_) => CheckResult::doubtful(method, "command", "bash does not end", "look at the load"),
    }
}

/// The program, where the command begins with the path of one.
fn program(method: &str, command: &str) -> Option<CheckResult> {
    let path = command.split_whitespace().next().filter(|word| word.starts_with('/'))?;
    if path.contains(['$', '"', '\'', '*', '{', ';', '&', '|']) {
        return None;
    }
    Some(match rustix::fs::access(path, rustix::fs::Access::EXEC_OK) {
        Ok(()) => CheckResult::good(method, "program", format!("{path} is there")),
        Err(error) => {
            let remedy = "install it on this machine and make it executable for this user";
            CheckResult::bad(method, "program", format!("{path}: {error}"), remedy)
        }
    })
}
