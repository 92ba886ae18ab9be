use std::net::SocketAddr;

use journalnode::http::HttpOptions;
use serde_json::{Value, json};

use crate::client::{get, request, request_with};
use crate::daemon::Daemon;

async fn json_conf(address: SocketAddr, path: &str) -> (u16, Value) {
    let answer = request_with(address, "GET", path, "Accept: application/json\r\n").await;
    (answer.status, if answer.status == 200 { answer.json() } else { Value::Null })
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_131_the_start_page_is_a_redirect_away() {
    let daemon = Daemon::start().await;
    let root = get(daemon.address, "/").await;
    assert_eq!((root.status, root.body.len()), (302, 0));
    assert_eq!(root.header("Location"), Some("http://jn:8480/index.html"));
    assert_eq!(root.header("Cache-Control"), Some("no-cache"));
    for path in
        ["/index.html", "/journalnode.html", "/jn.js", "/robots.txt", "/static/journalnode.css"]
    {
        let answer = get(daemon.address, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.body.is_empty() && answer.header("Content-Type").is_some());
    }
    assert!(get(daemon.address, "/index.html").await.text().contains("journalnode.html"));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_131_unknown_paths_and_methods_are_refused_in_jettys_shape() {
    let daemon = Daemon::start().await;
    let answer = get(daemon.address, "/isActive").await;
    assert_eq!(answer.status, 404);
    assert!(answer.text().contains("<title>Error 404 Not Found</title>"));
    assert!(answer.text().contains("<tr><th>URI:</th><td>/isActive</td></tr>"));
    for (method, path) in [
        ("TRACE", "/jmx"),
        ("TRACE", "/"),
        ("TRACE", "/nothing"),
        ("POST", "/jmx"),
        ("PUT", "/jn.js"),
    ] {
        assert_eq!(request(daemon.address, method, path).await.status, 405, "{method} {path}");
    }
    // What `hadoop daemonlog` sends before anything else.
    let options = request(daemon.address, "OPTIONS", "/logLevel?log=x").await;
    assert_eq!((options.status, options.body.len()), (200, 0));
    assert_eq!(options.header("Allow"), Some("GET, HEAD, OPTIONS"));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_131_conf_shows_all_or_one_as_xml_or_json() {
    let settings = [("dfs.nameservices", "ns1"), ("x.password", "geheim")];
    let daemon = Daemon::start_with(HttpOptions::default(), &settings).await;
    let xml = get(daemon.address, "/conf").await;
    assert_eq!(xml.header("Content-Type"), Some("text/xml;charset=utf-8"));
    assert!(xml.text().contains(
        "<property><name>dfs.nameservices</name><value>ns1</value><final>false</final>\
         <source>hdfs-site.xml</source></property>"
    ));
    assert!(!xml.text().contains("geheim"));

    let one = json!({
        "property": {
            "key": "dfs.nameservices", "value": "ns1", "isFinal": false, "resource": "hdfs-site.xml"
        }
    });
    assert_eq!(json_conf(daemon.address, "/conf?name=dfs.nameservices").await, (200, one));
    let (_, all) = json_conf(daemon.address, "/conf").await;
    assert_eq!(all["properties"][1]["value"], "<redacted>");
    assert_eq!(json_conf(daemon.address, "/conf?name=absent").await.0, 404);
    assert_eq!(get(daemon.address, "/conf?name=absent").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_131_log_levels_can_be_asked_and_set() {
    let daemon = Daemon::start().await;
    let path = "/logLevel?log=org.apache.hadoop.hdfs.qjournal.server.Journal";
    let set = get(daemon.address, &format!("{path}&level=DEBUG")).await;
    assert_eq!(set.header("Content-Type"), Some("text/html;charset=utf-8"));
    let effective = "<!-- OUTPUT -->Effective Level: <b>DEBUG</b>";
    assert!(set.text().contains(effective));
    assert!(get(daemon.address, path).await.text().contains(effective));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_131_stacks_lists_threads_and_journals() {
    let daemon = Daemon::start().await;
    daemon.filled("j1").await;
    let stacks = get(daemon.address, "/stacks").await;
    assert_eq!(stacks.header("Content-Type"), Some("text/plain;charset=utf-8"));
    assert!(stacks.text().starts_with("Process Thread Dump: "));
    assert!(stacks.text().contains("Journal j1: promised epoch 1, writer epoch 1, open segment 4"));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_132_metrics_come_under_hadoops_names_and_our_own() {
    let daemon = Daemon::start().await;
    daemon.filled("j1").await;
    let prom = get(daemon.address, "/prom").await.text();
    assert!(prom.contains("# TYPE journal_node_batches_written counter\n"));
    let host = "hostname=";
    let line = prom.lines().find(|line| line.starts_with("journal_node_txns_written{")).unwrap();
    assert!(line.contains("context=\"dfs\",journalid=\"j1\",") && line.contains(host), "{line}");
    assert!(line.ends_with("} 4"));
    assert!(!prom.contains("numopenconnectionsperuser"));

    let own = get(daemon.address, "/metrics").await;
    assert!(own.header("Content-Type").unwrap().starts_with("application/openmetrics-text"));
    let own = own.text();
    assert!(own.contains("journalnode_txns_written_total{journal=\"j1\"} 4\n"));
    assert!(own.contains("journalnode_last_txid{journal=\"j1\"} 4\n"));
    assert!(own.contains("journalnode_out_of_service{journal=\"j1\"} 0\n"));
    assert!(own.ends_with("# EOF\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_132_prom_is_off_if_the_site_says_so() {
    let off = [("hadoop.prometheus.endpoint.enabled", "false")];
    let daemon = Daemon::start_with(HttpOptions::default(), &off).await;
    assert_eq!(get(daemon.address, "/prom").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_is_ready_until_its_disk_is_gone() {
    let daemon = Daemon::start().await;
    daemon.filled("j1").await;
    daemon.node.journal("new", None).await.unwrap();
    assert_eq!(get(daemon.address, "/live").await.text(), "ok");
    let ready = get(daemon.address, "/ready").await;
    assert_eq!(ready.status, 200);
    let expected = json!({
        "ready": true, "journals": ["j1"], "in_step": ["j1"], "idle": [], "waiting": ["new"], "reasons": []
    });
    assert_eq!(ready.json(), expected);

    std::fs::remove_dir_all(daemon.directory.path().join("edits")).unwrap();
    let broken = get(daemon.address, "/ready").await;
    assert_eq!((broken.status, broken.json()["ready"].clone()), (503, json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_of_the_site_are_sent_with_every_answer() {
    let options = HttpOptions {
        extra_headers: vec![("x-frame-options".parse().unwrap(), "DENY".parse().unwrap())],
        ..HttpOptions::default()
    };
    let daemon = Daemon::start_with(options, &[]).await;
    for path in ["/jmx", "/nothing", "/jn.js"] {
        assert_eq!(
            get(daemon.address, path).await.header("X-Frame-Options"),
            Some("DENY"),
            "{path}"
        );
    }
}
