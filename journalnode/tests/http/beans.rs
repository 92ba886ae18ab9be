use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::get;
use crate::daemon::{CLUSTER, Daemon, NAMESPACE};

/// What a real JournalNode showed.
const GOLDEN: &str = include_str!("../golden/jn-jmx-hadoop-beans.json");

fn by_name(document: &Value) -> BTreeMap<String, Value> {
    let beans = document["beans"].as_array().unwrap();
    beans.iter().map(|bean| (bean["name"].as_str().unwrap().to_owned(), bean.clone())).collect()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_134_jn_135_jn_136_every_attribute_of_java_is_there_with_its_type() {
    let daemon = Daemon::start().await;
    daemon.filled("nsd1907").await;
    let answer = get(daemon.address, "/jmx").await;
    assert_eq!(answer.header("Content-Type"), Some("application/json; charset=utf8"));
    assert_eq!(answer.header("Access-Control-Allow-Methods"), Some("GET"));
    assert_eq!(answer.header("Access-Control-Allow-Origin"), Some("*"));
    let golden =
        GOLDEN.replace("HttpServer2-20475", &format!("HttpServer2-{}", daemon.address.port()));
    let (ours, javas) = (by_name(&answer.json()), by_name(&serde_json::from_str(&golden).unwrap()));
    for (name, bean) in &javas {
        let same = ours.get(name).unwrap_or_else(|| panic!("{name} is missing"));
        assert_eq!(same["modelerType"], bean["modelerType"]);
        for (attribute, value) in bean.as_object().unwrap() {
            let found = same.get(attribute).unwrap_or_else(|| panic!("{name} lacks {attribute}"));
            assert_eq!(kind(found), kind(value), "{name} {attribute}");
        }
    }
    for kind in ["Runtime", "Memory", "OperatingSystem", "Threading"] {
        assert!(ours.contains_key(&format!("java.lang:type={kind}")));
    }
    assert!(ours["java.lang:type=Memory"]["HeapMemoryUsage"]["used"].as_u64().unwrap() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_134_journal_node_info() {
    let daemon = Daemon::start().await;
    daemon.filled("j1").await;
    daemon.node.journal("new", None).await.unwrap();
    std::fs::create_dir(daemon.directory.path().join("edits/untouched")).unwrap();
    let path = "/jmx?qry=Hadoop:service=JournalNode,name=JournalNodeInfo";
    let info = get(daemon.address, path).await.json()["beans"][0].clone();
    let status: Value = serde_json::from_str(info["JournalsStatus"].as_str().unwrap()).unwrap();
    let formatted = |is: &str| json!({ "Formatted": is });
    assert_eq!(
        status,
        json!({
            "j1": formatted("true"), "new": formatted("false"), "untouched": formatted("true")
        })
    );
    assert_eq!(info["HostAndPort"], "127.0.0.1:20485");
    assert_eq!(info["ClusterIds"], json!([CLUSTER]));
    let storage = format!(
        "{{ClusterId={CLUSTER}, CreationTime=1795397546541, NamespaceId={NAMESPACE}, \
         LayoutVersion=-67}}"
    );
    let none = "{ClusterId=, CreationTime=0, NamespaceId=0, LayoutVersion=0}";
    assert_eq!(info["StorageInfos"], json!([storage, none]));
    assert!(info["Version"].as_str().unwrap().starts_with("3.4.3, r"));
    assert_eq!(info["IndexState"], "off", "this node was made without one");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_135_a_journal_shows_what_was_written() {
    let daemon = Daemon::start().await;
    daemon.filled("j1").await;
    daemon.node.journal("new", None).await.unwrap();
    let journal = get(daemon.address, "/jmx?qry=Hadoop:*,name=Journal-j1").await.json();
    let journal = &journal["beans"][0];
    for (attribute, value) in [
        ("BatchesWritten", 2),
        ("TxnsWritten", 4),
        ("BytesWritten", 400),
        ("LastWrittenTxId", 4),
        ("LastPromisedEpoch", 1),
        ("LastWriterEpoch", 1),
        ("CurrentLagTxns", 0),
    ] {
        assert_eq!(journal[attribute], value, "{attribute}");
    }
    assert!(journal["LastJournalTimestamp"].as_i64().unwrap() > 0);
    let new = get(daemon.address, "/jmx?qry=Hadoop:*,name=Journal-new").await.json();
    let new = &new["beans"][0];
    for attribute in ["LastPromisedEpoch", "LastWriterEpoch", "CurrentLagTxns"] {
        assert_eq!(new[attribute], -1, "{attribute}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_133_queries_that_match_nothing_or_mean_nothing() {
    let daemon = Daemon::start().await;
    let ask = async |query: &str| {
        let answer = get(daemon.address, &format!("/jmx?{query}")).await;
        assert_eq!(answer.status, 200);
        answer.text()
    };
    assert_eq!(ask("qry=Hadoop:name=None").await, "{\n  \"beans\" : [ ]\n}");
    assert_eq!(ask("qry=nonsense").await, "{ }");
    assert!(ask("get=nonsense").await.contains("query format is not as expected."));
    let path = "get=Hadoop:service=JournalNode,name=JournalNodeInfo::HostAndPort";
    assert!(ask(path).await.contains("\"HostAndPort\" : \"127.0.0.1:20485\""));
}
