//! JN-147 and the generic options.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::support::{ConfigDir, Node, bare_command, run_to_the_end, site_file};

/// Where a node that was started like this keeps its edits.
fn edits_of(node: &Node) -> String {
    let log = node.log();
    let line = log.lines().find(|line| line.contains("edits directory: ")).unwrap();
    line.split_once("edits directory: ").unwrap().1.to_owned()
}

/// JN-147: an operator's `-rollback` has never done anything.
#[test]
fn unknown_arguments_are_ignored_and_end_the_options() {
    let config = ConfigDir::new(&[]);
    let edits = config.edits().display().to_string();
    for arguments in [
        &["-rollback"][..],
        &["-rollback", "-D", "dfs.journalnode.edits.dir=relative"],
        &["start", "--help", "-x=y", "", "é"],
        &["-regular", "-D"],
        &["--unknown=1"],
        &["-Hx"],
        &["--", "-D", "a"],
    ] {
        let mut command = config.command();
        command.args(arguments);
        assert_eq!(edits_of(&Node::start(command)), edits, "{arguments:?}");
    }
}

#[test]
fn arguments_that_are_not_utf_8_are_ignored_too() {
    let config = ConfigDir::new(&[]);
    let mut command = config.command();
    command.arg("-rollback").arg(OsStr::from_bytes(b"\xff\xfe"));
    Node::start(command);
}

#[test]
fn d_beats_conf_and_conf_beats_the_directory() {
    let config = ConfigDir::new(&[]);
    let (by_file, by_option) = (config.path().join("by-file"), config.path().join("by-option"));
    let key = "dfs.journalnode.edits.dir";
    config.write("extra.xml", &site_file(&[(key, by_file.to_str().unwrap())]));

    let mut command = config.command();
    command.arg("-conf").arg(config.path().join("extra.xml"));
    assert_eq!(edits_of(&Node::start(command)), by_file.display().to_string());

    let mut command = config.command();
    command.arg("-conf").arg(config.path().join("extra.xml"));
    command.arg("-D").arg(format!("{key}={}", by_option.display()));
    assert_eq!(edits_of(&Node::start(command)), by_option.display().to_string());

    let mut command = config.command();
    command.arg(format!("-D{key}={}", by_option.display()));
    assert_eq!(edits_of(&Node::start(command)), by_option.display().to_string());
}

#[test]
fn the_directory_is_found_as_hadoops_scripts_find_it() {
    let (config, other) = (ConfigDir::new(&[]), ConfigDir::new(&[]));
    let edits = config.edits().display().to_string();
    let mut command = bare_command();
    command.env("HADOOP_CONF_DIR", config.path());
    assert_eq!(edits_of(&Node::start(command)), edits);

    let mut command = config.command();
    command.env("HADOOP_CONF_DIR", other.path());
    assert_eq!(edits_of(&Node::start(command)), edits, "--config wins");

    let home = tempfile::tempdir().unwrap();
    let etc = home.path().join("etc/hadoop");
    std::fs::create_dir_all(&etc).unwrap();
    std::fs::copy(config.path().join("hdfs-site.xml"), etc.join("hdfs-site.xml")).unwrap();
    let mut command = bare_command();
    command.env("HADOOP_HOME", home.path());
    assert_eq!(edits_of(&Node::start(command)), edits);
}

#[test]
fn help_and_version_are_answered_without_starting() {
    for argument in ["--help", "-h"] {
        let mut command = bare_command();
        command.arg(argument);
        let ended = run_to_the_end(command);
        assert_eq!(ended.status, Some(0));
        for text in ["Usage", "--config", "-D", "-conf", "HADOOP_CONF_DIR"] {
            assert!(ended.log.contains(text), "no {text} in:\n{}", ended.log);
        }
    }
    let mut command = bare_command();
    command.arg("--version");
    let ended = run_to_the_end(command);
    assert_eq!(ended.status, Some(0));
    assert!(ended.log.contains(env!("CARGO_PKG_VERSION")), "{}", ended.log);
}
