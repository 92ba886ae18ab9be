use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often a running command is looked at.
const POLL: Duration = Duration::from_millis(2);

/// Most output read from a command, in bytes.
const MAX_OUTPUT_BYTES: u64 = 64 << 10;

/// What a short command prints, if it ends well within `limit`. A command that does not is
/// killed. Its output must fit into a pipe (64 KiB), which these do by far.
pub(crate) fn output_of(program: &str, args: &[&str], limit: Duration) -> Option<String> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    if !ends_well(&mut child, Instant::now() + limit) {
        return None;
    }
    let mut text = String::new();
    child.stdout.take()?.take(MAX_OUTPUT_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}

fn ends_well(child: &mut Child, deadline: Instant) -> bool {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < deadline => thread::sleep(POLL),
            _ => break,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_read_and_failure_is_none() {
        let limit = Duration::from_secs(10);
        assert_eq!(output_of("echo", &["a"], limit).as_deref(), Some("a\n"));
        assert_eq!(output_of("false", &[], limit), None);
        assert_eq!(output_of("no-such-program-here", &[], limit), None);
    }

    #[test]
    fn a_command_that_hangs_is_killed() {
        let started = Instant::now();
        assert_eq!(output_of("sleep", &["60"], Duration::from_millis(20)), None);
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}
