use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::ha::UserHosts;
use crate::hadoop::java_words;
use crate::lab::LabHost;
use crate::process::built_binary;

const HDFS: &str = include_str!("hdfs.sh");
const OURS: [&str; 2] = ["zkfc-rs", "journalnode"];
/// A tool's answer is not to be looked for between Hadoop's log lines.
const QUIET: &str = "log4j.rootLogger=WARN,console\n\
    log4j.appender.console=org.apache.log4j.ConsoleAppender\n\
    log4j.appender.console.target=System.err\n\
    log4j.appender.console.layout=org.apache.log4j.PatternLayout\n\
    log4j.appender.console.layout.ConversionPattern=%p %c{2}: %m%n\n\
    log4j.logger.org.apache.hadoop.util.NativeCodeLoader=ERROR\n";

/// Commands for whoever looks at a kept cluster: `bin/hdfs`, ours, and one for each host that
/// runs a command there.
#[derive(Debug)]
pub struct Commands<'a> {
    folder: &'a Path,
}

impl<'a> Commands<'a> {
    /// Writes them to `bin` in the cluster's folder.
    pub fn write(folder: &'a Path, hosts: &UserHosts) -> Result<Self> {
        let commands = Self { folder };
        fs::create_dir_all(commands.bin())?;
        for host in hosts.lab.hosts() {
            commands.script(host.name(), &commands.on_host(host))?;
        }
        for name in OURS {
            let binary = quoted(built_binary(name)?);
            let text = format!(
                "[ -n \"${{QUICKSTART_HOST:-}}\" ] || exec {}/client \"$0\" \"$@\"\n\
                 exec {binary} \"$@\"\n",
                quoted(commands.bin())
            );
            commands.script(name, &format!("#!/bin/sh\n{text}"))?;
        }
        let words: Vec<_> = java_words(hosts.conf())?.iter().map(quoted).collect();
        let quiet = commands.bin().join("log4j.properties");
        fs::write(&quiet, QUIET)?;
        let quiet = quoted(format!("-Dlog4j.configuration=file:{}", quiet.display()));
        let tool = [&words[..1], &[quiet], &words[1..]].concat().join(" ");
        let hdfs = HDFS.replace("@JAVA_TOOL@", &tool).replace("@JAVA@", &words.join(" "));
        commands.script("hdfs", &hdfs)?;
        Ok(commands)
    }

    /// What to try with them while nn2 is active.
    pub fn hints(&self) -> String {
        format!(
            "  cd {}

  bin/zkfc-rs status --watch 1              who is active; bin/zkfc-rs history: what happened
  bin/nn01 zkfc-rs doctor                   would a failover work; also check-fence
  bin/journalnode status                    the JournalNodes; also history, tail, scrub
  bin/hdfs haadmin -getAllServiceState      Hadoop's own tools, unmodified
  bin/hdfs haadmin -failover nn2 nn1        a planned failover
  bin/hdfs dfs -ls hdfs://nsd1907/          also -put, -cat, …
  kill -9 $(cat nn02/namenode.pid)          kill the active again
  bin/nn02 hdfs --daemon start namenode     and nn2 is back, as the standby
  bin/nn01                                  a shell on a host: node1 to node3, nn01, nn02, client
  less nn02/zkfc.log                        logs: HOST/PROCESS.log, process ids: HOST/PROCESS.pid",
            self.folder.display()
        )
    }

    fn on_host(&self, host: &LabHost) -> String {
        let launcher = host.launcher();
        let prefix: Vec<_> = launcher.prefix().iter().map(quoted).collect();
        format!(
            "#!/bin/sh\n# Runs a command, or a shell, on the host {name}.\n\
             export QUICKSTART_HOST={name} PATH={bin}:\"$PATH\" HADOOP_CONF_DIR={conf}\n\
             [ $# -gt 0 ] || set -- bash\n\
             exec {prefix} \"$@\"\n",
            name = host.name(),
            bin = quoted(self.bin()),
            conf = quoted(self.folder.join("conf")),
            prefix = prefix.join(" "),
        )
    }

    fn script(&self, name: &str, text: &str) -> Result<()> {
        let file = self.bin().join(name);
        fs::write(&file, text)?;
        Ok(fs::set_permissions(file, fs::Permissions::from_mode(0o755))?)
    }

    fn bin(&self) -> PathBuf {
        self.folder.join("bin")
    }
}

/// One word for a shell, whatever is in it.
fn quoted(word: impl AsRef<OsStr>) -> String {
    format!("'{}'", word.as_ref().to_string_lossy().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_one_word() {
        assert_eq!(quoted("a b$c"), "'a b$c'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
