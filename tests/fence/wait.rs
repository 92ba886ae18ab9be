use std::time::Duration;

use system_tests::process;

const LIMIT: Duration = Duration::from_secs(20);

/// Polls until `ready` has a value.
pub(crate) fn wait_until<T>(what: &str, mut ready: impl FnMut() -> Option<T>) -> T {
    process::wait_until(what, LIMIT, || Ok(ready())).unwrap()
}

/// A zombie counts as gone: an orphan may stay one for a moment where no init reaps it.
pub(crate) fn is_running(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}
