use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A configuration directory and an edits directory, both gone at the end.
pub struct ConfigDir {
    directory: TempDir,
}

impl ConfigDir {
    /// An `hdfs-site.xml` with ephemeral ports on the loopback interface, an edits directory
    /// of its own, and these settings, which win.
    pub fn new(settings: &[(&str, &str)]) -> Self {
        let config = Self { directory: fast_directory() };
        let edits = config.edits();
        let defaults = [
            ("dfs.journalnode.edits.dir", edits.to_str().unwrap()),
            ("dfs.journalnode.rpc-address", "127.0.0.1:0"),
            ("dfs.journalnode.http-address", "127.0.0.1:0"),
            ("dfs.journalnode.inspect-address", "127.0.0.1:0"),
        ];
        config.write("hdfs-site.xml", &site_file(defaults.iter().chain(settings)));
        config
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// `dfs.journalnode.edits.dir`, unless the settings say otherwise.
    pub fn edits(&self) -> PathBuf {
        self.path().join("edits")
    }

    /// What a journal keeps.
    pub fn current(&self, journal: &str) -> PathBuf {
        self.edits().join(journal).join("current")
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    /// `journalnode --config <here>`, in an environment without anything of Hadoop's.
    pub fn command(&self) -> Command {
        let mut command = bare_command();
        command.arg("--config").arg(self.path());
        command
    }
}

/// In memory where there is such a place: these tests are not about disks.
fn fast_directory() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap()
}

/// `journalnode` without arguments, in an environment without anything of Hadoop's.
pub fn bare_command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_journalnode"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// A Hadoop configuration file.
pub fn site_file<'a>(settings: impl IntoIterator<Item = &'a (&'a str, &'a str)>) -> String {
    let mut text = "<configuration>\n".to_owned();
    for (key, value) in settings {
        let _ = writeln!(text, "<property><name>{key}</name><value>{value}</value></property>");
    }
    text + "</configuration>\n"
}
