use std::fs;

use tempfile::TempDir;

use crate::conf::nameservices;

use super::*;

fn parse(args: &[&str]) -> GenericOptions {
    GenericOptions::parse(args.iter().map(|arg| (*arg).to_owned())).unwrap()
}

fn load(args: &[&str]) -> Configuration {
    parse(args).load(Environment::empty().with_property("user.name", "hdfs")).unwrap()
}

fn site(dir: &TempDir, name: &str, body: &str) -> String {
    let path = dir.path().join(name);
    fs::write(&path, format!("<configuration>{body}</configuration>")).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Compared with Hadoop 3.4.3's GenericOptionsParser.
#[test]
fn assignments_are_read_as_java_reads_them() {
    type Row<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a [&'a str]);
    let rows: [Row<'_>; 12] = [
        (&["-D", "k=v", "x"], &[("k", "v")], &["x"]),
        (&["-Dk=v"], &[("k", "v")], &[]),
        (&["-D", "k"], &[], &[]),
        (&["-D", "k=v=w"], &[("k", "v=w")], &[]),
        (&["-Dk="], &[("k", "")], &[]),
        (&["--D", "k=v"], &[("k", "v")], &[]),
        (&["x", "-D", "k=v"], &[], &["x", "-D", "k=v"]),
        (&["--", "-D", "k=v"], &[], &["-D", "k=v"]),
        (&["-rollback", "-D", "k=v"], &[], &["-rollback", "-D", "k=v"]),
        (&["-D", "-x"], &[], &[]),
        (&["-fs", "hdfs://a", "-jt", "local", "r"], &[], &["r"]),
        (&["-fsx"], &[], &["-fsx"]),
    ];
    for (args, assignments, remaining) in rows {
        let options = parse(args);
        let found: Vec<(&str, &str)> =
            options.assignments.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(
            (found.as_slice(), &options.remaining[..]),
            (assignments, &owned(remaining)[..]),
            "{args:?}"
        );
    }
}

fn owned(args: &[&str]) -> Vec<String> {
    args.iter().map(|arg| (*arg).to_owned()).collect()
}

#[test]
fn an_option_without_its_argument_is_an_error() {
    for option in ["-D", "-conf", "--config", "-libjars"] {
        assert!(GenericOptions::parse([option.to_owned()]).is_err(), "{option}");
    }
}

#[test]
fn both_spellings_of_the_files_are_taken() {
    let options = parse(&["--config", "/etc/h", "-conf", "a.xml", "-conf=b.xml", "-formatZK"]);
    assert_eq!(options.conf_dir, Some(PathBuf::from("/etc/h")));
    assert_eq!(options.conf_files, [PathBuf::from("a.xml"), PathBuf::from("b.xml")]);
    assert_eq!(options.remaining, ["-formatZK"]);
    assert_eq!(parse(&["--config=/etc/h"]).conf_dir, Some(PathBuf::from("/etc/h")));
}

/// JN-141: core-site < hdfs-default < hdfs-site < hdfs-rbf-site < -conf < -D.
#[test]
fn each_layer_overrides_the_one_before() {
    let dir = TempDir::new().unwrap();
    let config = dir.path().to_str().unwrap();
    let value = |v: &str| format!("<property name='dfs.journalnode.handler.count' value='{v}'/>");
    let read = |args: &[&str]| load(args).int("dfs.journalnode.handler.count").unwrap();
    site(&dir, "core-site.xml", &value("11"));
    assert_eq!(read(&["--config", config]), 5, "hdfs-default comes after core-site");
    site(&dir, "hdfs-site.xml", &value("12"));
    assert_eq!(read(&["--config", config]), 12);
    site(&dir, "hdfs-rbf-site.xml", &value("13"));
    assert_eq!(read(&["--config", config]), 13);
    let extra = site(&dir, "extra.xml", &value("14"));
    assert_eq!(read(&["--config", config, "-conf", &extra]), 14);
    let all = ["--config", config, "-D", "dfs.journalnode.handler.count=15", "-conf", &extra];
    assert_eq!(read(&all), 15);
}

/// JN-142.
#[test]
fn an_assignment_beats_final() {
    let dir = TempDir::new().unwrap();
    site(
        &dir,
        "hdfs-site.xml",
        "<property name='dfs.journalnode.rpc-address' value='a:1' final='true'/>",
    );
    let config = dir.path().to_str().unwrap();
    let conf = load(&["--config", config, "-Ddfs.journalnode.rpc-address=b:2"]);
    assert_eq!(conf.string("dfs.journalnode.rpc-address").unwrap().as_deref(), Some("b:2"));
    assert_eq!(conf.origin("dfs.journalnode.rpc-address"), "from command line");
}

#[test]
fn what_is_missing_is_warned_about_or_refused() {
    let dir = TempDir::new().unwrap();
    let config = dir.path().to_str().unwrap();
    let conf = load(&["--config", config, "-fs", "x", "-D", "oops"]);
    let shown: Vec<String> = conf.warnings().iter().map(ToString::to_string).collect();
    assert!(shown.iter().any(|w| w.contains("neither core-site.xml")), "{shown:?}");
    assert!(shown.iter().any(|w| w.contains("-fs x")) && shown.iter().any(|w| w.contains("oops")));
    assert_eq!(conf.string("hadoop.tmp.dir").unwrap().as_deref(), Some("/tmp/hadoop-hdfs"));
    let absent = parse(&["--config", config, "-conf", "/no/such.xml"]).load(Environment::empty());
    assert!(matches!(absent, Err(ConfError::NoSuchFile { .. })));
    let absent = parse(&["--config", "/no/such/dir"]).load(Environment::empty());
    assert!(matches!(absent, Err(ConfError::NoSuchDirectory { .. })));
}

/// The files of a real cluster, with its administrator's notes between the elements.
#[test]
fn a_real_clusters_files_are_read_key_by_key() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("core-site.xml"), include_str!("testdata/core-site.xml")).unwrap();
    fs::write(dir.path().join("hdfs-site.xml"), include_str!("testdata/hdfs-site.xml")).unwrap();
    let conf = load(&["--config", dir.path().to_str().unwrap()]);
    assert_eq!(conf.warnings(), []);
    let expected = [
        ("fs.defaultFS", "hdfs://nsd1907"),
        ("hadoop.tmp.dir", "/var/hadoop"),
        ("ha.zookeeper.quorum", "node1:2181,node2:2181,node3:2181"),
        ("hadoop.proxyuser.nfsuser.groups", "*"),
        ("hadoop.proxyuser.nfsuser.hosts", "*"),
        ("dfs.nameservices", "nsd1907"),
        ("dfs.ha.namenodes.nsd1907", "nn1,nn2"),
        ("dfs.namenode.rpc-address.nsd1907.nn1", "nn01:8020"),
        ("dfs.namenode.rpc-address.nsd1907.nn2", "nn02:8020"),
        ("dfs.namenode.http-address.nsd1907.nn1", "nn01:50070"),
        ("dfs.namenode.http-address.nsd1907.nn2", "nn02:50070"),
        ("dfs.namenode.shared.edits.dir", "qjournal://node1:8485;node2:8485;node3:8485/nsd1907"),
        ("dfs.journalnode.edits.dir", "/var/hadoop/journal"),
        (
            "dfs.client.failover.proxy.provider.nsd1907",
            "org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider",
        ),
        ("dfs.ha.fencing.methods", "sshfence"),
        ("dfs.ha.fencing.ssh.private-key-files", "/root/.ssh/id_rsa"),
        ("dfs.ha.automatic-failover.enabled", "true"),
        ("dfs.replication", "2"),
        ("dfs.hosts.exclude", "/usr/local/hadoop/etc/hadoop/exclude"),
    ];
    for (key, value) in expected {
        assert_eq!(conf.string(key).unwrap().as_deref(), Some(value), "{key}");
    }
    let from_site = conf.properties().filter(|p| p.resource.ends_with("-site.xml")).count();
    assert_eq!(from_site, expected.len());
    let journal = nameservices::shared_journal(&conf, None).unwrap().unwrap();
    assert_eq!((journal.journal_nodes.len(), journal.journal_id.as_str()), (3, "nsd1907"));
    let namenodes = nameservices::namenode_rpc_addresses(&conf).unwrap();
    let shown: Vec<String> = namenodes.iter().map(|n| n.address.to_string()).collect();
    assert_eq!(shown, ["nn01:8020", "nn02:8020"]);
}
