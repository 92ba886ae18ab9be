//! JN-145: what cannot be right ends the process with 255, and the log says what to do.

use std::fs;
use std::net::TcpListener;

use super::support::{ConfigDir, Ended, Node, bare_command, run_to_the_end};

fn end_of(settings: &[(&str, &str)]) -> Ended {
    run_to_the_end(ConfigDir::new(settings).command())
}

/// Ends with 255, without a panic, and says all of this.
fn assert_refused(ended: &Ended, texts: &[&str]) {
    assert_eq!(ended.status, Some(255), "{}", ended.log);
    assert!(!ended.log.contains("panicked"), "{}", ended.log);
    for text in texts {
        assert!(ended.log.contains(text), "no {text:?} in:\n{}", ended.log);
    }
}

#[test]
fn a_relative_edits_directory() {
    let ended = end_of(&[("dfs.journalnode.edits.dir", "edits")]);
    assert_refused(&ended, &["should be an absolute path", "dfs.journalnode.edits.dir"]);
}

#[test]
fn an_edits_directory_that_cannot_be_made() {
    let config = ConfigDir::new(&[]);
    fs::write(config.edits(), "a file").unwrap();
    let ended = run_to_the_end(config.command());
    assert_refused(&ended, &[config.edits().to_str().unwrap(), "dfs.journalnode.edits.dir"]);
}

#[test]
fn the_directory_of_the_only_nameservice_is_checked_too() {
    let ended = end_of(&[
        ("dfs.nameservices", "ns1"),
        ("dfs.journalnode.edits.dir.ns1", "relative/of/ns1"),
    ]);
    assert_refused(&ended, &["relative/of/ns1", "absolute"]);
}

#[test]
fn ports_in_use_are_named_with_their_keys() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for key in ["dfs.journalnode.rpc-address", "dfs.journalnode.http-address"] {
        let ended = end_of(&[(key, &address)]);
        assert_refused(&ended, &[key, &address, "in use"]);
    }
}

#[test]
fn an_address_of_another_machine() {
    // 192.0.2.0/24 is for documentation: nobody has it.
    let ended = end_of(&[("dfs.journalnode.rpc-bind-host", "192.0.2.1")]);
    assert_refused(&ended, &["192.0.2.1", "dfs.journalnode.rpc-bind-host"]);
}

#[test]
fn a_host_that_does_not_resolve() {
    let ended = end_of(&[("dfs.journalnode.rpc-address", "no-such-host.invalid:8485")]);
    assert_refused(&ended, &["no-such-host.invalid", "dfs.journalnode.rpc-address"]);
}

#[test]
fn a_kerberos_cluster_is_refused_rather_than_served_without_kerberos() {
    let ended = end_of(&[("hadoop.security.authentication", "kerberos")]);
    assert_refused(&ended, &["hadoop.security.authentication", "Keep Java's JournalNode"]);
    // JN-142: Java reads this key from files only, and starts without security.
    let config = ConfigDir::new(&[]);
    let mut command = config.command();
    command.args(["-D", "hadoop.security.authentication=kerberos"]);
    let ended = run_to_the_end(command);
    assert_refused(&ended, &["hadoop.security.authentication", "Keep Java's JournalNode"]);
    let ended = end_of(&[("hadoop.security.authentication", "token")]);
    assert_refused(&ended, &["hadoop.security.authentication", "simple or kerberos"]);
}

#[test]
fn an_http_policy_that_is_none_or_that_we_do_not_have() {
    assert_refused(&end_of(&[("dfs.http.policy", "HTTP")]), &["dfs.http.policy", "HTTP_ONLY"]);
    let ended = end_of(&[("dfs.http.policy", "HTTPS_ONLY")]);
    assert_refused(&ended, &["dfs.http.policy", "HTTPS is not served yet"]);
}

#[test]
fn xml_that_is_not_well_formed() {
    let config = ConfigDir::new(&[]);
    config.write("core-site.xml", "<configuration>\n<property>\n</configuration>\n");
    let ended = run_to_the_end(config.command());
    assert_refused(&ended, &["core-site.xml:3", "not well-formed"]);
}

#[test]
fn values_that_make_no_sense() {
    for (key, value) in [
        ("dfs.journalnode.handler.count", "many"),
        ("dfs.journalnode.rpc-address", "127.0.0.1:99999"),
        ("dfs.journalnode.http-address", "host:port"),
        ("dfs.journalnode.edits.dir.perm", "rwx"),
        ("dfs.journalnode.free-space.reserve.bytes", "-1"),
        ("dfs.image.transfer.timeout", "soon"),
        ("dfs.image.transfer.bandwidthPerSec", "fast"),
        ("ipc.maximum.data.length", "12345678901"),
        ("ipc.server.max.connections", "x"),
        ("ipc.server.purge.interval", "1 week"),
        ("ipc.server.listen.queue.size", "${dfs.no.such.key}"),
    ] {
        let ended = end_of(&[(key, value)]);
        assert_refused(&ended, &[key, value]);
    }
}

#[test]
fn values_of_the_edits_cache_are_checked_when_there_is_one() {
    for (key, value) in [
        ("dfs.journalnode.edit-cache-size.fraction", "1.5"),
        ("dfs.journalnode.edit-cache-size.bytes", "-5"),
    ] {
        let ended = end_of(&[("dfs.ha.tail-edits.in-progress", "true"), (key, value)]);
        assert_refused(&ended, &[key]);
        let config = ConfigDir::new(&[(key, value)]);
        Node::start(config.command());
    }
}

#[test]
fn configuration_that_was_named_must_exist() {
    let config = ConfigDir::new(&[]);
    let mut command = config.command();
    command.args(["-conf", "/no/such/file.xml"]);
    assert_refused(&run_to_the_end(command), &["/no/such/file.xml", "-conf"]);
    let mut command = bare_command();
    command.args(["--config", "/no/such/directory"]);
    assert_refused(&run_to_the_end(command), &["/no/such/directory", "--config"]);
    let mut command = bare_command();
    command.env("HADOOP_CONF_DIR", "/no/such/directory");
    assert_refused(&run_to_the_end(command), &["/no/such/directory", "HADOOP_CONF_DIR"]);
}
