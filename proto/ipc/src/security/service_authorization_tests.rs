use std::fs;

use tempfile::TempDir;

use crate::conf::{Environment, GenericOptions};

use super::super::host_names::tests::Names;
use super::*;

const QJM: &str = "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol";
const INTER: &str = "org.apache.hadoop.hdfs.qjournal.protocol.InterQJournalProtocol";
const ACL: &str = "security.qjournal.service.protocol.acl";

#[derive(Debug)]
struct Groups;

impl GroupMapping for Groups {
    fn groups(&self, user: &str) -> Vec<String> {
        if user == "ann" { vec!["admins".to_owned()] } else { Vec::new() }
    }
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn authorization(pairs: &[(&str, &str)]) -> ServiceAuthorization {
    let mut conf = Configuration::empty(Environment::empty());
    conf.set("hadoop.security.authorization", "true", "test");
    pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
    from_conf(&conf)
}

fn from_conf(conf: &Configuration) -> ServiceAuthorization {
    let names = [("nn01.ex", "10.0.0.1"), ("JN01.ex", "10.0.0.2")];
    let names = Names(names.map(|(name, ip)| (name.to_owned(), address(ip))).into());
    ServiceAuthorization::from_configuration(conf, Arc::new(Groups), Arc::new(names)).unwrap()
}

fn secure(pairs: &[(&str, &str)]) -> ServiceAuthorization {
    let base = [
        ("hadoop.security.authentication", "kerberos"),
        ("hadoop.security.auth_to_local", "RULE:[2:$1] RULE:[1:$1]"),
        ("dfs.namenode.kerberos.principal", "nn/_HOST@EX.COM"),
        ("dfs.journalnode.kerberos.principal", "jn/_HOST@EX.COM"),
    ];
    authorization(&[&base[..], pairs].concat())
}

fn allowed(authorization: &ServiceAuthorization, user: &str) -> bool {
    authorization.authorize(Some(user), Some(QJM), address("10.0.0.1")).is_ok()
}

#[test]
fn without_authorization_anything_goes() {
    let open = from_conf(&Configuration::empty(Environment::empty()));
    assert!(!open.is_enabled());
    assert_eq!(open.authorize(None, None, address("10.0.0.9")), Ok(()));
}

/// JN-037.
#[test]
fn absent_unknown_and_unlisted_protocols_are_refused() {
    let on = authorization(&[]);
    let ask = |protocol| on.authorize(Some("hdfs"), protocol, address("10.0.0.1")).unwrap_err();
    assert_eq!(ask(None), "Null protocol not authorized");
    assert_eq!(ask(Some("no.such.Protocol")), "Unknown protocol: no.such.Protocol");
    let unlisted = "org.apache.hadoop.hdfs.qjournal.protocolPB.QJournalProtocolPB";
    assert_eq!(ask(Some(unlisted)), format!("Protocol interface {unlisted} is not known."));
}

/// JN-035.
#[test]
fn only_the_namenode_speaks_qjournal_in_a_secure_cluster() {
    let on = secure(&[]);
    let ask = |user, peer| on.authorize(Some(user), Some(QJM), address(peer));
    assert_eq!(ask("nn/nn01.ex@EX.COM", "10.0.0.1"), Ok(()));
    let expected = format!(
        "User jn/jn01.ex@EX.COM (auth:KERBEROS) is not authorized for protocol interface {QJM}: \
         this service is only accessible by nn/jn01.ex@EX.COM"
    );
    assert_eq!(ask("jn/jn01.ex@EX.COM", "10.0.0.2"), Err(expected));
    assert!(ask("nn/nn01.ex@EX.COM", "10.0.0.2").is_err(), "from another host");
    assert!(ask("nn/10.0.0.9@EX.COM", "10.0.0.9").is_ok(), "a nameless host is its address");
}

/// JN-038.
#[test]
fn only_a_journalnode_speaks_interqjournal_in_a_secure_cluster() {
    let on = secure(&[]);
    let ask = |user, peer| on.authorize(Some(user), Some(INTER), address(peer));
    assert_eq!(ask("jn/jn01.ex@EX.COM", "10.0.0.2"), Ok(()), "the name of the peer in lower case");
    assert!(ask("nn/nn01.ex@EX.COM", "10.0.0.1").is_err());
}

/// JN-036. Java's message names the principal although the list refused.
#[test]
fn lists_hold_in_a_secure_cluster_too() {
    let on = secure(&[(ACL, "hdfs")]);
    let error =
        on.authorize(Some("nn/nn01.ex@EX.COM"), Some(QJM), address("10.0.0.1")).unwrap_err();
    assert!(error.ends_with("this service is only accessible by nn/nn01.ex@EX.COM"), "{error}");
    assert!(allowed(&secure(&[(ACL, "nn")]), "nn/nn01.ex@EX.COM"));
}

/// JN-036.
#[test]
fn users_and_groups_are_admitted_and_blocked() {
    let on = authorization(&[(ACL, "hdfs admins")]);
    assert!(allowed(&on, "hdfs") && allowed(&on, "ann") && !allowed(&on, "bob"));
    let error = on.authorize(Some("bob"), Some(QJM), address("10.0.0.1")).unwrap_err();
    let expected = format!(
        "User bob (auth:SIMPLE) is not authorized for protocol interface {QJM}: denied by configured ACL"
    );
    assert_eq!(error, expected);
    let on = authorization(&[("security.qjournal.service.protocol.acl.blocked", " admins")]);
    assert!(allowed(&on, "hdfs") && !allowed(&on, "ann"));
    let on = authorization(&[(ACL, "hdfs")]);
    assert!(on.authorize(None, Some(QJM), address("10.0.0.1")).is_err());
    assert!(allowed(&on, "hdfs/host@ANY"), "the short name decides");
}

/// JN-036.
#[test]
fn hosts_are_admitted_and_blocked() {
    let on = authorization(&[
        ("security.qjournal.service.protocol.hosts", "10.0.0.0/24"),
        ("security.qjournal.service.protocol.hosts.blocked", "JN01.ex"),
    ]);
    let ask = |peer| on.authorize(Some("hdfs"), Some(QJM), address(peer));
    assert_eq!(ask("10.0.0.1"), Ok(()));
    let refused = |ip| Err(format!("Host {ip} is not authorized for protocol interface {QJM}"));
    assert_eq!(ask("10.0.0.2"), refused("10.0.0.2"));
    assert_eq!(ask("::ffff:10.1.0.1"), refused("10.1.0.1"));
    assert!(on.authorize(Some("hdfs"), Some(INTER), address("10.1.0.1")).is_ok());
}

/// JN-036.
#[test]
fn defaults_apply_where_a_protocol_has_no_key_of_its_own() {
    let on = authorization(&[
        ("security.service.authorization.default.acl", "hdfs"),
        ("security.service.authorization.default.acl.blocked", "yarn"),
        ("security.service.authorization.default.hosts", "10.0.0.1"),
        ("security.service.authorization.default.hosts.blocked", "10.0.0.7"),
        ("security.interqjournal.service.protocol.acl", "*"),
        ("security.interqjournal.service.protocol.hosts", "*"),
    ]);
    assert!(allowed(&on, "hdfs") && !allowed(&on, "ann"));
    let inter = |user, peer| on.authorize(Some(user), Some(INTER), address(peer)).is_ok();
    assert!(inter("ann", "10.0.0.2") && !inter("yarn", "10.0.0.2") && !inter("ann", "10.0.0.7"));
    assert!(on.authorize(Some("hdfs"), Some(QJM), address("10.0.0.2")).is_err());
}

/// A policy file as Hadoop ships it, with one list narrowed; `-D` beats the file.
#[test]
fn the_policy_file_beside_the_site_files_is_read() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("hadoop-policy.xml"), include_str!("testdata/hadoop-policy.xml"))
        .unwrap();
    fs::write(dir.path().join("strict.xml"), "<configuration/>").unwrap();
    let load = |extra: &[&str]| {
        let config = dir.path().to_str().unwrap();
        let args = [&["--config", config, "-Dhadoop.security.authorization=true"], extra].concat();
        let args = args.into_iter().map(str::to_owned);
        let conf = GenericOptions::parse(args).unwrap().load(Environment::empty()).unwrap();
        from_conf(&conf)
    };
    let on = load(&[]);
    assert!(allowed(&on, "hdfs") && !allowed(&on, "bob"));
    assert!(on.authorize(Some("bob"), Some(INTER), address("10.0.0.1")).is_ok());
    assert!(allowed(&load(&["-D", &format!("{ACL}=bob")]), "bob"));
    assert!(allowed(&load(&["-Dhadoop.policy.file=strict.xml"]), "bob"), "another file, no list");
}

#[test]
fn a_user_without_a_name_or_a_short_one_is_refused() {
    assert!(authorization(&[]).authorize(None, Some(QJM), address("10.0.0.1")).is_err());
    let on = authorization(&[("hadoop.security.auth_to_local", "RULE:[1:$1]")]);
    assert!(allowed(&on, "hdfs@ANY") && !allowed(&on, "nn/h@ANY"));
}
