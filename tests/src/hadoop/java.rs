use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::ClassPath;
use crate::process::Launcher;

const QUICK_OPTIONS: [&str; 5] =
    ["-Xms32m", "-Xmx320m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"];

const JVM_OPTIONS: [&str; 3] = [
    // A killed JVM would leave its file in /tmp.
    "-XX:-UsePerfData",
    "-Djava.net.preferIPv4Stack=true",
    // Hadoop 3.4 looks into java.lang, which Java 17 has closed.
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
];

/// How a JVM is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jvm {
    /// Quick to start and small: for tests, which are about bytes, not throughput.
    Quick,
    /// As it comes, and as Hadoop's scripts start it: both compilers, and a heap and a collector of
    /// the JVM's own choice.
    AsInstalled,
}

impl Jvm {
    fn options(self) -> impl Iterator<Item = &'static str> {
        let quick = match self {
            Self::Quick => &QUICK_OPTIONS[..],
            Self::AsInstalled => &[],
        };
        quick.iter().chain(&JVM_OPTIONS).copied()
    }
}

/// The command that runs the JUnit class `suite` of Hadoop without the tests `left_out`, against the
/// JournalNode processes that `JOURNALNODE_COMMAND` describes (`tests/java/suites`).
pub fn junit_suite(conf_dir: &Path, suite: &str, left_out: &[&str]) -> Result<Command> {
    let class_path = format!("{}:{}", conf_dir.display(), ClassPath::of_this_machine()?.suites());
    let mut command = Launcher::here().command("java");
    command.args(Jvm::Quick.options()).arg("-cp").arg(class_path);
    command.env_remove("JAVA_TOOL_OPTIONS").env_remove("CLASSPATH");
    command.arg("RunSuite").arg(suite).args(left_out);
    Ok(command)
}

/// The command `java <main_class>` on Hadoop's class path with the site files of `conf_dir`.
pub fn java(launcher: &Launcher, conf_dir: &Path, main_class: &str) -> Result<Command> {
    java_on(Jvm::Quick, launcher, conf_dir, main_class)
}

/// The same on such a JVM.
pub fn java_on(
    jvm: Jvm,
    launcher: &Launcher,
    conf_dir: &Path,
    main_class: &str,
) -> Result<Command> {
    let mut words = words_on(jvm, conf_dir)?.into_iter();
    let mut command = launcher.command(words.next().unwrap_or_default());
    command.args(words).arg(main_class);
    command.env_remove("JAVA_TOOL_OPTIONS").env_remove("CLASSPATH");
    Ok(command)
}

/// All that goes before the class in such a command.
pub fn java_words(conf_dir: &Path) -> Result<Vec<String>> {
    words_on(Jvm::Quick, conf_dir)
}

fn words_on(jvm: Jvm, conf_dir: &Path) -> Result<Vec<String>> {
    // Jetty unpacks its pages there. They go when the site files do.
    let tmp = conf_dir.join("tmp");
    fs::create_dir_all(&tmp).with_context(|| format!("create {}", tmp.display()))?;
    let tmp = format!("-Djava.io.tmpdir={}", tmp.display());
    let class_path = format!("{}:{}", conf_dir.display(), ClassPath::of_this_machine()?.daemons());
    let options = ["java"].into_iter().chain(jvm.options()).map(str::to_owned);
    Ok(options.chain([tmp, "-cp".to_owned(), class_path]).collect())
}
