use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::ClassPath;
use crate::process::Launcher;

/// Quick to start and small: the tests are about bytes, not throughput.
const JVM_OPTIONS: [&str; 7] = [
    "-Xms32m",
    "-Xmx320m",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xshare:auto",
    "-Djava.net.preferIPv4Stack=true",
    // Hadoop 3.4 looks into java.lang, which Java 17 has closed.
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
];

/// The command that runs the JUnit class `suite` of Hadoop without the tests `left_out`, against the
/// JournalNode processes that `JOURNALNODE_COMMAND` describes (`tests/java/suites`).
pub fn junit_suite(conf_dir: &Path, suite: &str, left_out: &[&str]) -> Result<Command> {
    let class_path = format!("{}:{}", conf_dir.display(), ClassPath::of_this_machine()?.suites());
    let mut command = jvm(&Launcher::here(), &class_path);
    command.arg("RunSuite").arg(suite).args(left_out);
    Ok(command)
}

/// The command `java <main_class>` on Hadoop's class path with the site files of `conf_dir`.
pub fn java(launcher: &Launcher, conf_dir: &Path, main_class: &str) -> Result<Command> {
    let class_path = format!("{}:{}", conf_dir.display(), ClassPath::of_this_machine()?.daemons());
    let mut command = jvm(launcher, &class_path);
    command.arg(main_class);
    Ok(command)
}

fn jvm(launcher: &Launcher, class_path: &str) -> Command {
    let mut command = launcher.command("java");
    command.args(JVM_OPTIONS).arg("-cp").arg(class_path);
    command.env_remove("JAVA_TOOL_OPTIONS").env_remove("CLASSPATH");
    command
}
