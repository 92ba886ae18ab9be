use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::fence::fence_options::RUN_DIR;

/// `sun_path`, less the suffix ssh adds while it makes the socket.
const MAX_SOCKET_BYTES: usize = 108 - 20;

/// The folder of one ssh: only this user can enter it, and its path is short. It goes with this.
#[derive(Debug)]
pub(in crate::fence) struct ControlDir(TempDir);

impl ControlDir {
    /// Makes one in the run directory. The error says what to do.
    pub(in crate::fence) fn make(run_dir: &Path) -> Result<Self, String> {
        let private = Permissions::from_mode(0o700);
        let made =
            tempfile::Builder::new().prefix("zkfc-").permissions(private).tempdir_in(run_dir);
        let made = Self(made.map_err(|error| {
            format!(
                "{RUN_DIR}: no folder for ssh's control socket can be made in {}: {error}; make \
                 that a directory in which this user may write, or name another",
                run_dir.display()
            )
        })?);
        let bytes = made.socket().as_os_str().len();
        if bytes > MAX_SOCKET_BYTES {
            return Err(format!(
                "{RUN_DIR}: {} is too long for ssh's control socket: name a directory whose path \
                 has at most {} bytes",
                run_dir.display(),
                MAX_SOCKET_BYTES + run_dir.as_os_str().len() - bytes
            ));
        }
        Ok(made)
    }

    /// Through which sessions reach the ssh that is logged in.
    pub(super) fn socket(&self) -> PathBuf {
        self.0.path().join("master")
    }

    /// What ssh says.
    pub(super) fn log(&self) -> PathBuf {
        self.0.path().join("log")
    }
}
