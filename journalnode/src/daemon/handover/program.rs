use std::env;
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::HandOverError;
use super::channel::Channel;
use super::predecessor::PREDECESSOR;

/// How this process was started, to be started once more: from the same path, whatever is there
/// by then.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
    name: OsString,
    arguments: Vec<OsString>,
}

impl Program {
    /// As this process was started. To be asked early: where it is can be told only as long as
    /// the binary has not been replaced, and the working directory not been changed.
    pub fn of_process() -> io::Result<Self> {
        let mut arguments = env::args_os();
        let name = arguments.next().unwrap_or_default();
        let path = match found(&name) {
            Some(path) => path,
            None => env::current_exe()?,
        };
        Ok(Self { path, name, arguments: arguments.collect() })
    }

    /// Starts it, with one end of a channel as its standard input.
    pub(super) fn start(&self) -> Result<(Child, Channel), HandOverError> {
        let (ours, theirs) = UnixStream::pair()?;
        let mut command = Command::new(&self.path);
        command
            .arg0(&self.name)
            .args(&self.arguments)
            .env(PREDECESSOR, std::process::id().to_string())
            // It names this process; the new one is watched once it is the service.
            .env_remove("WATCHDOG_PID")
            .stdin(Stdio::from(std::os::fd::OwnedFd::from(theirs)));
        let child = command
            .spawn()
            .map_err(|source| HandOverError::Start { program: self.path.clone(), source })?;
        Ok((child, Channel::new(ours)))
    }
}

/// Where a shell found what it calls by this name. Symbolic links stay: who changes one means it.
fn found(name: &OsString) -> Option<PathBuf> {
    let path = Path::new(name);
    if name.as_bytes().contains(&b'/') {
        return std::path::absolute(path).ok();
    }
    let directories = env::var_os("PATH")?;
    let there = env::split_paths(&directories).map(|directory| directory.join(path));
    there.filter(|path| path.is_absolute()).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stays_a_link_and_a_name_is_looked_for() {
        assert_eq!(found(&"/proc/self/exe".into()), Some("/proc/self/exe".into()));
        let sh = found(&"sh".into()).unwrap();
        assert!(sh.is_absolute() && sh.ends_with("sh"));
        assert_eq!(found(&"no-such-program-anywhere".into()), None);
    }
}
