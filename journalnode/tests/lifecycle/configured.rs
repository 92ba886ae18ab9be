//! JN-143, JN-144 and what the log says of a configuration.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;

use super::support::{ConfigDir, Node, RawConnection, requests, run_to_the_end, site_file};

/// The body of an HTTP answer.
fn page(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: j\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}

/// JN-143
#[test]
fn bind_hosts_replace_the_host_and_nothing_else() {
    let config = ConfigDir::new(&[
        ("dfs.journalnode.rpc-bind-host", "127.0.0.2"),
        ("dfs.journalnode.http-bind-host", "127.0.0.3"),
    ]);
    let node = Node::start(config.command());
    assert_eq!(node.rpc.ip().to_string(), "127.0.0.2");
    assert_eq!(node.http.ip().to_string(), "127.0.0.3");
    assert!(node.rpc.port() != 0 && node.http.port() != 0);
}

/// JN-143: a host without a port is a host with any port.
#[test]
fn a_port_that_is_left_out_is_any_port() {
    let config = ConfigDir::new(&[
        ("dfs.journalnode.rpc-address", "127.0.0.1"),
        ("dfs.journalnode.http-address", "localhost"),
    ]);
    let node = Node::start(config.command());
    assert!(node.rpc.port() != 0 && node.http.port() != 0 && node.rpc != node.http);
}

/// JN-143
#[test]
fn conf_shows_the_http_address_that_was_bound() {
    let config = ConfigDir::new(&[]);
    let node = Node::start(config.command());
    let shown = page(node.http, "/conf?name=dfs.journalnode.http-address");
    assert!(shown.contains(&node.http.to_string()), "{shown}");
}

/// JN-144
#[test]
fn a_handler_count_of_zero_or_less_serves_as_well() {
    for count in ["0", "-3"] {
        let config = ConfigDir::new(&[("dfs.journalnode.handler.count", count)]);
        let node = Node::start(config.command());
        RawConnection::open(node.rpc).call("isFormatted", &requests::is_formatted("j")).ok::<()>();
    }
}

/// JN-043
#[test]
fn with_several_nameservices_directories_are_made_when_first_used() {
    let directory = tempfile::tempdir().unwrap();
    let of_ns1 = directory.path().join("of-ns1");
    let config = ConfigDir::new(&[
        ("dfs.nameservices", "ns1,ns2"),
        ("dfs.journalnode.edits.dir.ns1", of_ns1.to_str().unwrap()),
    ]);
    let node = Node::start(config.command());
    assert!(!config.edits().exists() && !of_ns1.exists());
    let mut format = requests::format("j", false);
    format.name_service_id = Some("ns1".to_owned());
    RawConnection::open(node.rpc).call("format", &format).ok::<()>();
    assert!(of_ns1.join("j/current/VERSION").exists() && !config.edits().exists());
}

#[test]
fn edits_in_a_temporary_directory_are_warned_about() {
    let parent = tempfile::Builder::new().prefix("journal").tempdir_in("/tmp").unwrap();
    let edits = parent.path().join("edits");
    let config = ConfigDir::new(&[("dfs.journalnode.edits.dir", edits.to_str().unwrap())]);
    let log = Node::start(config.command()).log();
    let warning = log.lines().find(|line| line.contains("may be emptied at a reboot")).unwrap();
    assert!(warning.contains("WARN") && warning.contains("dfs.journalnode.edits.dir"), "{warning}");

    let parent = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let edits = parent.path().join("edits");
    let inside = edits.to_str().unwrap();
    if !inside.starts_with("/tmp") {
        let config = ConfigDir::new(&[("dfs.journalnode.edits.dir", inside)]);
        let log = Node::start(config.command()).log();
        assert!(!log.contains("may be emptied"), "{log}");
    }
}

/// As Java's virtual machine does.
#[test]
fn the_soft_limit_of_open_files_is_raised_to_the_hard_one() {
    let config = ConfigDir::new(&[]);
    let node = config.command();
    let mut command = Command::new("/bin/sh");
    let script = "ulimit -S -n 100; ulimit -H -n 500; exec \"$0\" \"$@\"";
    command.env_clear().arg("-c").arg(script).arg(node.get_program()).args(node.get_args());
    let node = Node::start(command);
    let limits = fs::read_to_string(format!("/proc/{}/limits", node.pid())).unwrap();
    let open_files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let values: Vec<&str> = open_files.split_whitespace().skip(3).take(2).collect();
    assert_eq!(values, ["500", "500"]);
}

/// What is ignored is said, or nobody finds out why a file has no effect.
#[test]
fn a_directory_without_site_files_is_warned_about() {
    let config = ConfigDir::new(&[]);
    fs::rename(config.path().join("hdfs-site.xml"), config.path().join("other.xml")).unwrap();
    config.write("log4j.properties", "");
    let mut command = config.command();
    command.arg("-D").arg(format!("dfs.journalnode.edits.dir={}", config.edits().display()));
    command.args(["-D", "dfs.journalnode.rpc-address=127.0.0.1:0"]);
    command.args(["-D", "dfs.journalnode.http-address=127.0.0.1:0"]);
    let log = Node::start(command).log();
    assert!(log.contains("WARN") && log.contains(config.path().to_str().unwrap()), "{log}");
}

/// JN-141, JN-142
#[test]
fn files_may_include_others_and_refer_to_the_environment() {
    let config = ConfigDir::new(&[]);
    let edits = config.path().join("from-the-environment");
    config.write(
        "hdfs-site.xml",
        r#"<configuration xmlns:xi="http://www.w3.org/2001/XInclude">
             <xi:include href="included.xml"/>
             <property>
               <name>dfs.journalnode.edits.dir</name><value>${env.EDITS}</value><final>true</final>
             </property>
             <property><name>dfs.journalnode.handler.count</name><value></value></property>
           </configuration>"#,
    );
    let included = [
        ("dfs.journalnode.rpc-address", "127.0.0.1:0"),
        ("dfs.journalnode.http-address", "${dfs.journalnode.rpc-address}"),
    ];
    config.write("included.xml", &site_file(&included));
    config.write("late.xml", &site_file(&[("dfs.journalnode.edits.dir", "relative")]));
    let mut command = config.command();
    command.env("EDITS", &edits).arg("-conf").arg(config.path().join("late.xml"));
    let node = Node::start(command);
    assert!(edits.is_dir(), "what is final stays");
    assert!(node.rpc.ip().is_loopback() && node.http.ip().is_loopback());

    let mut command = config.command();
    command.env("EDITS", &edits).args(["-D", "dfs.journalnode.edits.dir=relative"]);
    let ended = run_to_the_end(command);
    assert!(ended.log.contains("'relative' should be an absolute path"), "{}", ended.log);
}
