use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use super::{Jvm, java_on};
use crate::process::{Daemon, Launcher};

/// Longer than a client's own retries through a failover.
const ANSWER_LIMIT: Duration = Duration::from_secs(180);

/// Hadoop's client and admin tools in one long-lived JVM (`tests/java/src/Driver.java`).
#[derive(Debug)]
pub struct HdfsClient {
    daemon: Daemon,
    commands: RefCell<ChildStdin>,
    answers: Receiver<String>,
}

impl HdfsClient {
    /// Starts the JVM with the site files of `conf_dir`.
    pub fn start(launcher: &Launcher, conf_dir: &Path, log: &Path) -> Result<Self> {
        Self::start_on(Jvm::Quick, launcher, conf_dir, log)
    }

    /// The same on such a JVM.
    pub fn start_on(jvm: Jvm, launcher: &Launcher, conf_dir: &Path, log: &Path) -> Result<Self> {
        let command = java_on(jvm, launcher, conf_dir, "Driver")?;
        let (daemon, commands, stdout) = Daemon::spawn_piped("client", command, log)?;
        let client = Self { daemon, commands: RefCell::new(commands), answers: lines_of(stdout) };
        client.answer("start")?;
        Ok(client)
    }

    /// Sends one command and waits for its answer; an exception on the Java side is an error.
    ///
    /// Once more if a connection was at its end: Hadoop keeps idle ones for ten seconds, and
    /// finds out at the next use that the NameNode has been restarted since.
    pub fn call(&self, words: &[&str]) -> Result<String> {
        match self.call_once(words) {
            Err(error) if error.to_string().contains("java.io.EOFException") => {
                self.call_once(words)
            }
            answered => answered,
        }
    }

    fn call_once(&self, words: &[&str]) -> Result<String> {
        let line = words.join(" ");
        writeln!(self.commands.borrow_mut(), "{line}").with_context(|| line.clone())?;
        self.answer(&line)
    }

    /// `hdfs dfsadmin <args>`; what it printed.
    pub fn dfsadmin(&self, args: &[&str]) -> Result<String> {
        self.call(&[&["dfsadmin"], args].concat())
    }

    /// `hdfs dfs <args>`; what it printed.
    pub fn dfs(&self, args: &[&str]) -> Result<String> {
        self.call(&[&["dfs"], args].concat())
    }

    /// `hdfs haadmin <args>`; what it printed.
    pub fn haadmin(&self, args: &[&str]) -> Result<String> {
        self.call(&[&["haadmin"], args].concat())
    }

    /// Creates a directory and its parents.
    pub fn mkdirs(&self, uri: &str, path: &str) -> Result<()> {
        match self.call(&["mkdirs", uri, path])?.as_str() {
            "true" => Ok(()),
            said => bail!("mkdirs {path}: {said}"),
        }
    }

    /// Whether the path is there.
    pub fn exists(&self, uri: &str, path: &str) -> Result<bool> {
        Ok(self.call(&["exists", uri, path])? == "true")
    }

    /// `first last count` of the transactions Hadoop reads in an edit log file.
    pub fn read_segment(&self, file: &Path) -> Result<(u64, u64, u64)> {
        let said = self.call(&["segment", &file.display().to_string()])?;
        let numbers: Vec<u64> = said.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let [first, last, count] = numbers[..] else { bail!("{said}") };
        Ok((first, last, count))
    }

    /// What Hadoop's JournalNode finds at the end of each file of a folder, a line for each by name:
    /// `name corrupt`, `name refused`, `name empty` or `name last`.
    pub fn scan_folder(&self, folder: &Path) -> Result<String> {
        self.call(&["scan-folder", &folder.display().to_string()])
    }

    fn answer(&self, question: &str) -> Result<String> {
        let line = self.answers.recv_timeout(ANSWER_LIMIT).map_err(|_| {
            self.daemon.explain(anyhow!("no answer to `{question}` within {ANSWER_LIMIT:?}"))
        })?;
        let text = unescape(&line);
        match text.split_once(' ') {
            Some(("OK", said)) => Ok(said.to_owned()),
            _ => bail!("`{question}`: {text}"),
        }
    }
}

fn lines_of(stdout: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(std::io::Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn unescape(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some(other)) => text.push(other),
            (plain, _) => text.push(plain),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_backslash_is_not_a_line_feed() {
        assert_eq!(unescape(r"a\nb\\n"), "a\nb\\n");
    }
}
