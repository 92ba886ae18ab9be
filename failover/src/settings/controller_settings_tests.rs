use std::path::{Path, PathBuf};
use std::time::Duration;

use hadoop_ipc::conf::{Environment, GenericOptions};

use super::super::host::tests::Table;
use super::*;
use crate::lock::AclEntry;

const NN1: &str = "10.0.0.1";
const NN2: &str = "10.0.0.2";

/// The files of a real cluster, with remarks between the elements, plus some pairs.
fn conf(pairs: &[(&str, &str)]) -> Configuration {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/settings/testdata/user");
    let config = ["--config".to_owned(), folder.display().to_string()];
    let options = GenericOptions::parse(config).unwrap();
    let mut conf = options.load(Environment::empty()).unwrap();
    pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
    conf
}

fn on(host: &str) -> Table {
    Table::of(host, &[("nn01", NN1), ("nn02", NN2)])
}

fn settings(pairs: &[(&str, &str)]) -> ControllerSettings {
    ControllerSettings::from_conf_on(&conf(pairs), &on(NN1)).unwrap()
}

fn failure(host: &str, pairs: &[(&str, &str)]) -> StartFailure {
    ControllerSettings::from_conf_on(&conf(pairs), &on(host)).unwrap_err()
}

fn value_failure(pairs: &[(&str, &str)]) -> String {
    let failure = failure(NN1, pairs);
    assert_eq!(failure.exit_code(), 1);
    failure.to_string()
}

fn address(text: &str) -> HostPort {
    HostPort::parse(text, 0).unwrap()
}

#[test]
fn fc_048_each_host_finds_its_namenode_by_address() {
    for (host, namenode, other) in [(NN1, "nn1", "nn2"), (NN2, "nn2", "nn1")] {
        let settings = ControllerSettings::from_conf_on(&conf(&[]), &on(host)).unwrap();
        assert_eq!(settings.local.id, NameNodeId::new("nsd1907", namenode));
        let peers: Vec<_> = settings.peers.iter().map(|peer| peer.id.namenode.as_str()).collect();
        assert_eq!(peers, [other]);
    }
}

#[test]
fn the_files_of_a_real_cluster_give_javas_defaults() {
    let settings = settings(&[]);
    let local = &settings.local;
    assert_eq!(local.service_address, address("nn01:8020"));
    assert_eq!(local.health_address(), &address("nn01:8020"));
    assert_eq!(local.http_address, address("nn01:50070"));
    assert_eq!(local.fencing_methods.as_deref().map(str::trim), Some("sshfence"));
    assert_eq!(settings.peers[0].zkfc_address(), address("nn02:8019"));
    assert_eq!(settings.rpc_bind, address("nn01:8019"));
    assert_eq!(settings.http_address, None);
    let zookeeper = &settings.zookeeper;
    assert_eq!(zookeeper.quorum, "node1:2181,node2:2181,node3:2181");
    assert_eq!(zookeeper.parent, "/hadoop-ha/nsd1907");
    assert_eq!(zookeeper.session_timeout, Duration::from_secs(10));
    assert_eq!(zookeeper.acl, AclEntry::parse_list("world:anyone:rwcda").unwrap());
    assert_eq!((zookeeper.operation_retries, &zookeeper.tls), (3, &None));
    assert_eq!(settings.health.rpc_timeout, Duration::from_secs(45));
    assert_eq!(settings.health.thread_dump_timeout, Some(Duration::from_secs(20)));
    assert_eq!(settings.transitions.new_active_timeout, Duration::from_secs(60));
    assert_eq!(settings.transitions.graceful_fence_timeout, Duration::from_secs(5));
    let node = settings.active_node(8019);
    assert_eq!((node.hostname.as_str(), node.port, node.zkfc_port), ("nn01", 8020, 8019));
}

#[test]
fn fc_048_pinned_names_win_and_ambiguity_does_not_start() {
    let pinned = settings(&[("dfs.ha.namenode.id", "nn2")]);
    assert_eq!(pinned.local.id.namenode, "nn2");
    let both = failure(NN1, &[("dfs.namenode.rpc-address.nsd1907.nn2", "10.0.0.1:8021")]);
    assert_eq!(both.exit_code(), 1);
    assert!(both.to_string().contains("dfs.ha.namenode.id"), "{both}");
    let neither = failure("10.0.0.3", &[]);
    assert!(matches!(neither, StartFailure::NoNameNode { .. }), "{neither}");
}

#[test]
fn fc_048_one_of_several_nameservices_is_found_by_address() {
    let federation = [
        ("dfs.nameservices", "other,nsd1907"),
        ("dfs.ha.namenodes.other", "nn1,nn2"),
        ("dfs.namenode.rpc-address.other.nn1", "10.0.1.1:8020"),
        ("dfs.namenode.rpc-address.other.nn2", "10.0.1.2:8020"),
    ];
    assert_eq!(settings(&federation).local.id, NameNodeId::new("nsd1907", "nn1"));
    let elsewhere = failure("10.0.0.3", &federation);
    assert!(matches!(elsewhere, StartFailure::NoNameservice { .. }), "{elsewhere}");
    let pinned =
        [&federation[..], &[("dfs.nameservice.id", "other"), ("dfs.ha.namenode.id", "nn2")]];
    assert_eq!(settings(&pinned.concat()).local.id, NameNodeId::new("other", "nn2"));
}

#[test]
fn fc_049_one_namenode_is_no_ha() {
    for ids in ["nn1", "", "nn1,nn3"] {
        let failure = failure(NN1, &[("dfs.ha.namenodes.nsd1907", ids)]);
        assert!(matches!(failure, StartFailure::NotHighlyAvailable { .. }), "{ids}: {failure}");
        assert_eq!(failure.exit_code(), 1);
    }
}

#[test]
fn fc_050_automatic_failover_off_is_5_and_per_nameservice() {
    let enabled = "dfs.ha.automatic-failover.enabled";
    assert_eq!(failure(NN1, &[(enabled, "false")]).exit_code(), 5);
    assert_eq!(
        failure(NN1, &[("dfs.ha.automatic-failover.enabled.nsd1907", "false")]).exit_code(),
        5
    );
    settings(&[(enabled, "false"), ("dfs.ha.automatic-failover.enabled.nsd1907", "true")]);
    // It is looked at before anything that only ZooKeeper needs.
    assert_eq!(
        failure(NN1, &[(enabled, "false"), ("ha.zookeeper.acl", "nonsense")]).exit_code(),
        5
    );
}

#[test]
fn fc_015_own_zookeeper_keys_win_the_most_specific_first() {
    let settings = settings(&[
        ("ha.zookeeper.quorum.nsd1907", "a:2181"),
        ("ha.zookeeper.quorum.nsd1907.nn1", "b:2181"),
        ("ha.zookeeper.parent-znode.nsd1907", "/prod"),
        ("ha.zookeeper.session-timeout.ms.nsd1907.nn2", "1"),
    ]);
    assert_eq!(settings.zookeeper.quorum, "b:2181");
    assert_eq!(settings.zookeeper.parent, "/prod/nsd1907");
    assert_eq!(settings.zookeeper.session_timeout, Duration::from_secs(10));
}

#[test]
fn fc_002_a_slash_at_the_end_is_tolerated_and_two_are_not() {
    let parent = |value| settings(&[("ha.zookeeper.parent-znode", value)]).zookeeper.parent;
    assert_eq!(parent("/ha/"), "/ha/nsd1907");
    assert_eq!(parent("/"), "/nsd1907");
    for bad in ["relative", "/a//b", "//", "/a/../b", ""] {
        let message = value_failure(&[("ha.zookeeper.parent-znode", bad)]);
        assert!(message.contains("ha.zookeeper.parent-znode"), "{message}");
    }
}

#[test]
fn fc_066_the_service_address_comes_first_and_a_lifeline_is_for_health() {
    let settings = settings(&[
        ("dfs.namenode.servicerpc-address.nsd1907.nn1", "nn01:8040"),
        ("dfs.namenode.lifeline.rpc-address.nsd1907.nn1", "nn01:8050"),
    ]);
    assert_eq!(settings.local.service_address, address("nn01:8040"));
    assert_eq!(settings.local.health_address(), &address("nn01:8050"));
    assert_eq!(settings.active_node(1).port, 8040);
}

#[test]
fn fc_067_bind_hosts_come_in_javas_order() {
    let rpc = ("dfs.namenode.rpc-bind-host.nsd1907.nn1", "0.0.0.0");
    let service = ("dfs.namenode.servicerpc-bind-host", "10.9.9.9");
    let port = ("dfs.ha.zkfc.port.nsd1907.nn1", "0");
    assert_eq!(settings(&[rpc, port]).rpc_bind, address("0.0.0.0:0"));
    assert_eq!(settings(&[rpc, service]).rpc_bind, address("10.9.9.9:8019"));
}

#[test]
fn fc_094_what_is_set_for_one_namenode_says_nothing_of_another() {
    let settings = settings(&[
        ("dfs.ha.fencing.methods.nsd1907.nn1", "shell(/bin/mine)"),
        ("dfs.ha.zkfc.port.nsd1907.nn1", "9999"),
    ]);
    assert_eq!(settings.local.fencing_methods.as_deref(), Some("shell(/bin/mine)"));
    assert_eq!(settings.local.zkfc_port, 9999);
    let peer = &settings.peers[0];
    assert_eq!(peer.fencing_methods.as_deref().map(str::trim), Some("sshfence"));
    assert_eq!(peer.zkfc_port, 8019);
    let of_peer = |key: &str| peer.properties.iter().find(|(name, _)| name == key).cloned();
    let (_, promoted) = of_peer("dfs.namenode.rpc-address").unwrap();
    assert_eq!(promoted, "nn02:8020");
    assert_eq!(of_peer("fs.defaultFS").unwrap().1, "hdfs://nn02:8020");
}

#[test]
fn fc_052_methods_that_are_blank_are_none() {
    for blank in ["", "  \n "] {
        let settings = settings(&[("dfs.ha.fencing.methods", blank)]);
        assert_eq!(settings.local.fencing_methods, None);
    }
}

#[test]
fn fc_006_an_address_becomes_a_name_where_it_has_one() {
    let settings = settings(&[
        ("dfs.namenode.rpc-address.nsd1907.nn1", "10.0.0.1:8020"),
        ("dfs.namenode.rpc-address.nsd1907.nn2", "10.0.0.9:8020"),
    ]);
    assert_eq!(settings.active_node(8019).hostname, "nn01");
    assert_eq!(super::host_name("10.0.0.9", &on(NN1)), "10.0.0.9");
}

#[test]
fn fc_014_acl_and_credentials_may_be_in_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        format!("@{}", path.display())
    };
    let (acl, auth) = (file("acl", " sasl:hdfs:rwcda\n"), file("auth", "digest:hdfs:hush\n"));
    let settings = settings(&[("ha.zookeeper.acl", &acl), ("ha.zookeeper.auth", &auth)]);
    assert_eq!(settings.zookeeper.acl[0].to_string(), "sasl:hdfs:rwcda");
    assert_eq!(settings.zookeeper.auth[0].credentials, "hdfs:hush");
    let missing = value_failure(&[("ha.zookeeper.auth", "@/does/not/exist")]);
    assert!(missing.contains("/does/not/exist"), "{missing}");
}

#[test]
fn credentials_that_may_be_in_a_provider_are_told() {
    let provider = ("hadoop.security.credential.provider.path", "jceks://file/etc/zk.jceks");
    let told = settings(&[provider]).warning().unwrap();
    for words in ["jceks://file/etc/zk.jceks", "ha.zookeeper.auth", "@FILE"] {
        assert!(told.contains(words), "{told}");
    }
    assert_eq!(settings(&[]).warning(), None);
    let given = settings(&[provider, ("ha.zookeeper.auth", "digest:hdfs:hush")]);
    assert_eq!(given.warning(), None, "it may be for something else");
}

#[test]
fn a_bad_credential_is_not_shown() {
    let message = value_failure(&[("ha.zookeeper.auth", "hush")]);
    assert!(message.contains("ha.zookeeper.auth") && !message.contains("hush"), "{message}");
}

type Pair<'a> = (&'a str, &'a str);

fn both<'a>(one: &[Pair<'a>], other: &[Pair<'a>]) -> Vec<Pair<'a>> {
    [one, other].concat()
}

#[test]
fn fc_016_tls_needs_four_keys_and_its_own_switch_wins() {
    let store = |what: &str, name: &str| format!("hadoop.zk.ssl.{what}.{name}");
    let keys: Vec<String> = ["keystore", "truststore"]
        .iter()
        .flat_map(|what| [store(what, "location"), store(what, "password")])
        .collect();
    let values = ["/k.pem", "p", "/t.PEM", "p"];
    let all: Vec<_> = keys.iter().map(String::as_str).zip(values).collect();
    let on_for_zkfc = ("dfs.ha.zkfc.client.ssl.enabled", "true");
    let tls = settings(&both(&all, &[on_for_zkfc])).zookeeper.tls.unwrap();
    assert_eq!((tls.keystore, tls.truststore), (PathBuf::from("/k.pem"), PathBuf::from("/t.PEM")));
    assert_eq!(
        settings(&both(&all, &[on_for_zkfc, ("hadoop.zk.ssl.enabled", "false")])).zookeeper.tls,
        None
    );
    for key in &keys {
        let message = value_failure(&both(&all, &[on_for_zkfc, (key, "")]));
        assert!(message.contains(key), "{message}");
    }
    let jks = value_failure(&both(&all, &[on_for_zkfc, (&keys[0], "/k.jks")]));
    assert!(jks.contains("keytool"), "{jks}");
}

#[test]
fn numbers_are_javas_ints() {
    let timeout = |value| settings(&[("ha.zookeeper.session-timeout.ms", value)]).zookeeper;
    assert_eq!(timeout("0x10").session_timeout, Duration::from_millis(16));
    for bad in ["10s", "0", "-1", "4294967296"] {
        value_failure(&[("ha.zookeeper.session-timeout.ms", bad)]);
    }
    value_failure(&[("ha.zookeeper.quorum", " ")]);
    value_failure(&[("dfs.ha.zkfc.port", "65536")]);
    let off = settings(&[("dfs.ha.zkfc.nn.http.timeout.ms", "0")]);
    assert_eq!(off.health.thread_dump_timeout, None);
}

#[test]
fn fc_109_status_is_served_only_where_asked_for() {
    let at = |value| settings(&[(keys::STATUS_HTTP_ADDRESS, value)]).http_address;
    assert_eq!(at("127.0.0.1:8029"), Some(address("127.0.0.1:8029")));
    assert_eq!(at("OFF"), None);
    assert_eq!(at(""), None);
}

fn node(namenode: &str, hostname: &str, port: i32) -> ActiveNode {
    let id = NameNodeId::new("nsd1907", namenode);
    ActiveNode { id, hostname: hostname.to_owned(), port, zkfc_port: 9999 }
}

#[test]
fn fc_007_addresses_are_compared_as_they_resolve() {
    let settings = settings(&[]);
    for hostname in ["nn02", NN2] {
        let target = settings.target(&node("nn2", hostname, 8020), &on(NN1)).unwrap();
        assert_eq!(target.id.namenode, "nn2");
        assert_eq!(target.zkfc_address(), address("nn02:9999"));
    }
}

#[test]
fn fc_008_a_node_that_is_not_as_configured_is_refused() {
    let settings = settings(&[]);
    let refused = |node| settings.target(&node, &on(NN1)).unwrap_err();
    let elsewhere =
        [node("nn2", "nn02", 8021), node("nn2", "nn01", 8020), node("nn2", "gone", 8020)];
    for node in elsewhere {
        assert!(matches!(refused(node), StrangeNode::Elsewhere { .. }));
    }
    assert!(matches!(refused(node("nn3", "nn02", 8020)), StrangeNode::Unknown { .. }));
}

const SILENCE: &str = "dfs.ha.zkfc.rs.fencing.evidence.silence";

#[test]
fn evidence_is_off_unless_a_silence_is_set() {
    assert_eq!(settings(&[]).evidence, None);
    assert_eq!(settings(&[(SILENCE, "0")]).evidence, None);
    let evidence = settings(&[(SILENCE, "90s")]).evidence.unwrap();
    assert_eq!(evidence.silent_for, Duration::from_secs(90));
    assert_eq!(evidence.journal.journal_id, "nsd1907");
    assert_eq!(evidence.journal.journal_nodes.len(), 3);
}

#[test]
fn evidence_that_can_prove_nothing_is_refused_at_start() {
    let short = value_failure(&[(SILENCE, "9999"), ("ha.zookeeper.session-timeout.ms", "10000")]);
    assert!(short.contains("at least the 10000 ms"), "{short}");
    let shared = |dir| value_failure(&[(SILENCE, "90s"), ("dfs.namenode.shared.edits.dir", dir)]);
    assert!(shared("file:///mnt/shared").contains("needs JournalNodes"));
}

#[test]
fn every_address_of_a_namenode_is_known() {
    let peer = &settings(&[("dfs.namenode.servicerpc-address.nsd1907.nn2", "nn02:8040")]).peers[0];
    let known = ["nn02:8040", "nn02:8020", "nn02:50070", "nn02:9871"];
    assert_eq!(peer.addresses, known.map(address));
}

#[test]
fn fc_088_kerberos_is_refused_after_the_checks_that_java_makes_before_its_login() {
    let secure = ("hadoop.security.authentication", "Kerberos");
    assert!(value_failure(&[secure]).contains("hdfs zkfc"));
    assert!(value_failure(&[(secure.0, "kerbros")]).contains("simple or kerberos"));
    let off = ("dfs.ha.automatic-failover.enabled", "false");
    assert_eq!(failure(NN1, &[secure, off]).exit_code(), 5);
}
