use std::path::PathBuf;

use super::configuration::Configuration;
use super::defaults::{CORE, HDFS};
use super::environment::Environment;
use super::error::ConfError;
use super::locate::conf_dir;
use super::warning::Warning;

/// The options every Hadoop command takes before its own.
///
/// Reading stops at the first argument that is none of them; that one and all after it are
/// `remaining`. Java: `GenericOptionsParser` (with commons-cli's `GnuParser`, hence `--D k=v`
/// and `-conf=FILE`); `--config` is the start script's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GenericOptions {
    /// `-D key=value`, in order.
    pub assignments: Vec<(String, String)>,
    /// `-conf FILE`, in order.
    pub conf_files: Vec<PathBuf>,
    /// `--config DIR`.
    pub conf_dir: Option<PathBuf>,
    /// What is left for the command itself.
    pub remaining: Vec<String>,
    warnings: Vec<Warning>,
}

/// What `/conf` names as the source of a `-D` value. Java's words.
const COMMAND_LINE: &str = "from command line";

/// Options for MapReduce jobs: taken with their argument, and without effect on a daemon.
const IGNORED: [&str; 6] = ["fs", "jt", "files", "libjars", "archives", "tokenCacheFile"];

impl GenericOptions {
    /// Reads the arguments after the program's name.
    pub fn parse(args: impl IntoIterator<Item = String>) -> Result<GenericOptions, ConfError> {
        let mut options = GenericOptions::default();
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            if arg == "--" {
                break;
            }
            let Some((name, value)) = split_option(&arg) else {
                options.remaining.push(arg);
                break;
            };
            let value = value.map(str::to_owned).or_else(|| args.next());
            let value =
                value.ok_or_else(|| ConfError::OptionWithoutArgument { option: arg.clone() })?;
            options.take(name, value);
        }
        options.remaining.extend(args);
        Ok(options)
    }

    fn take(&mut self, name: &str, value: String) {
        match name {
            "D" => match value.split_once('=') {
                Some((key, value)) => self.assignments.push((key.to_owned(), value.to_owned())),
                None => self.warnings.push(Warning::NotAnAssignment { argument: value }),
            },
            "conf" => self.conf_files.push(PathBuf::from(value)),
            "config" => self.conf_dir = Some(PathBuf::from(value)),
            _ => self.warnings.push(Warning::OptionIgnored { option: format!("-{name} {value}") }),
        }
    }

    /// Loads the configuration a daemon runs on, in Java's order: core-default, core-site,
    /// hdfs-default, hdfs-site, hdfs-rbf-site, the `-conf` files, and over all of them `-D`.
    /// Each warning is logged once, here, and stays readable in [`Configuration::warnings`].
    ///
    /// Unlike Java, a `-conf` file that does not exist is an error.
    pub fn load(&self, environment: Environment) -> Result<Configuration, ConfError> {
        let directory = conf_dir(self.conf_dir.as_deref(), &environment)?;
        let mut conf = Configuration::empty(environment);
        self.warnings.iter().for_each(|warning| conf.warn(warning.clone()));
        if let Some(directory) = &directory {
            conf.set_conf_dir(directory);
        }
        let found = load_site_files(&mut conf)?;
        if !found && self.conf_files.is_empty() {
            conf.warn(
                directory
                    .map_or(Warning::NoDirectory, |directory| Warning::NoSiteFile { directory }),
            );
        }
        self.load_conf_files(&mut conf)?;
        for (key, value) in &self.assignments {
            conf.set(key, value, COMMAND_LINE);
        }
        conf.warnings().iter().for_each(|warning| tracing::warn!("configuration: {warning}"));
        Ok(conf)
    }

    fn load_conf_files(&self, conf: &mut Configuration) -> Result<(), ConfError> {
        for path in &self.conf_files {
            if !conf.add_file(path)? {
                return Err(ConfError::NoSuchFile { path: path.clone() });
            }
        }
        Ok(())
    }
}

/// Whether core-site.xml or hdfs-site.xml was there.
fn load_site_files(conf: &mut Configuration) -> Result<bool, ConfError> {
    conf.add_defaults(&CORE);
    let core = conf.add_resource("core-site.xml")?;
    conf.add_defaults(&HDFS);
    let hdfs = conf.add_resource("hdfs-site.xml")?;
    conf.add_resource("hdfs-rbf-site.xml")?;
    Ok(core || hdfs)
}

/// The name and, if it is in the same argument, the value of a generic option.
fn split_option(arg: &str) -> Option<(&'static str, Option<&str>)> {
    let bare = arg.strip_prefix("--").or_else(|| arg.strip_prefix('-'))?;
    let (name, value) = bare.split_once('=').map_or((bare, None), |(n, v)| (n, Some(v)));
    let known = IGNORED.into_iter().chain(["conf", "config", "D"]).find(|known| *known == name);
    match known {
        Some(known) => Some((known, value)),
        None => Some(("D", Some(arg.strip_prefix("-D").filter(|rest| !rest.is_empty())?))),
    }
}

#[cfg(test)]
#[path = "generic_options_tests.rs"]
mod tests;
