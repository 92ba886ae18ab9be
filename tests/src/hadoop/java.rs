use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::ClassPath;
use crate::process::Launcher;

/// Quick to start and small: the tests are about bytes, not throughput.
const JVM_OPTIONS: [&str; 8] = [
    "-Xms32m",
    "-Xmx320m",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xshare:auto",
    // A killed JVM would leave its file in /tmp.
    "-XX:-UsePerfData",
    "-Djava.net.preferIPv4Stack=true",
    // Hadoop 3.4 looks into java.lang, which Java 17 has closed.
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
];

/// The command that runs the JUnit class `suite` of Hadoop without the tests `left_out`, against the
/// JournalNode processes that `JOURNALNODE_COMMAND` describes (`tests/java/suites`).
pub fn junit_suite(conf_dir: &Path, suite: &str, left_out: &[&str]) -> Result<Command> {
    let class_path = format!("{}:{}", conf_dir.display(), ClassPath::of_this_machine()?.suites());
    let mut command = Launcher::here().command("java");
    command.args(JVM_OPTIONS).arg("-cp").arg(class_path);
    command.env_remove("JAVA_TOOL_OPTIONS").env_remove("CLASSPATH");
    command.arg("RunSuite").arg(suite).args(left_out);
    Ok(command)
}

/// The command `java <main_class>` on Hadoop's class path with the site files of `conf_dir`.
pub fn java(launcher: &Launcher, conf_dir: &Path, main_class: &str) -> Result<Command> {
    let mut words = java_words(conf_dir)?.into_iter();
    let mut command = launcher.command(words.next().unwrap_or_default());
    command.args(words).arg(main_class);
    command.env_remove("JAVA_TOOL_OPTIONS").env_remove("CLASSPATH");
    Ok(command)
}

/// All that goes before the class in such a command.
pub fn java_words(conf_dir: &Path) -> Result<Vec<String>> {
    // Jetty unpacks its pages there. They go when the site files do.
    let tmp = conf_dir.join("tmp");
    fs::create_dir_all(&tmp).with_context(|| format!("create {}", tmp.display()))?;
    let tmp = format!("-Djava.io.tmpdir={}", tmp.display());
    let class_path = format!("{}:{}", conf_dir.display(), ClassPath::of_this_machine()?.daemons());
    let words = ["java"].into_iter().chain(JVM_OPTIONS).chain([&tmp, "-cp", &class_path]);
    Ok(words.map(str::to_owned).collect())
}
