//! `zkfc-rs doctor` and `check-fence`: planted faults are found, each with its fix.

use anyhow::{Context, Result, ensure};
use failover::lock::LockService;
use failover::types::{ActiveNode, NameNodeId};
use hadoop_ipc::client::Target;
use journalnode::quorum::{NamespaceInfo, QuorumAdmin, QuorumOptions};
use journalnode::types::{JournalId, LayoutVersion, StorageInfo};
use serde_json::Value;
use system_tests::hadoop::{JournalNode, JournalNodeKind, Site};
use system_tests::process::WorkDir;
use system_tests::ssh::{KeyKind, KeyPair, Sshd, Victim};

use crate::fixture::{block_on, formatted, settings, with_server};
use crate::zkfc::Zkfc;

fn finding<'a>(report: &'a Value, part: &str, what: &str) -> Result<&'a Value> {
    let all = report["findings"].as_array().context("findings")?;
    let about = |row: &&Value| {
        row["part"] == part && row["what"].as_str().is_some_and(|text| text.contains(what))
    };
    all.iter().find(about).with_context(|| format!("no row about {part}, {what}: {report:#}"))
}

fn expect(report: &Value, part: &str, what: &str, state: &str, remedy: &str) -> Result<()> {
    let row = finding(report, part, what)?;
    let says = row["remedy"].as_str().unwrap_or_default();
    ensure!(row["state"] == state && says.contains(remedy), "{row:#}");
    Ok(())
}

#[test]
fn planted_faults_are_found_each_with_its_fix() {
    with_server("failover-doctor", async |server| {
        let lock = formatted(&settings(server.address())).await?;
        let renamed = ActiveNode {
            id: NameNodeId::new("nsd1907", "old1"),
            hostname: "nn01".to_owned(),
            port: 8020,
            zkfc_port: 8019,
        };
        lock.open().await?.write_breadcrumb(renamed.encode().into(), None).await?;
        let tool = Zkfc::tool(
            server.address(),
            &[
                ("dfs.namenode.rpc-address.nsd1907.nn2", "no-such-host.invalid:8020".to_owned()),
                (
                    "dfs.namenode.shared.edits.dir",
                    "qjournal://127.0.0.1:1;127.0.0.1:2;127.0.0.1:3/nsd1907".to_owned(),
                ),
                ("dfs.ha.fencing.ssh.private-key-files", "/nonexistent/id_rsa".to_owned()),
                ("dfs.ha.fencing.ssh.connect-timeout", "3000".to_owned()),
            ],
        )?;
        let report = tool.json(1, &["doctor", "--json"]).await?;
        ensure!(report["all_well"] == false);
        expect(&report, "names", "no-such-host.invalid", "bad", "/etc/hosts")?;
        expect(&report, "breadcrumb", "ActiveBreadCrumb", "bad", "confirm-fenced nsd1907/old1")?;
        let row = finding(&report, "breadcrumb", "ActiveBreadCrumb")?.to_string();
        ensure!(row.contains("old1") && row.contains("nn1, nn2"), "the exact mismatch: {row}");
        expect(&report, "journalnodes", "majority", "bad", "start JournalNodes")?;
        expect(&report, "fencing", "nsd1907/nn2", "bad", "")?;
        let fencing = finding(&report, "fencing", "nsd1907/nn2")?.to_string();
        ensure!(fencing.contains("/nonexistent/id_rsa"), "{fencing}");
        expect(&report, "zookeeper", "majority", "doubtful", "three voters")?;
        expect(&report, "zookeeper", "dataDir of", "ok", "")?;
        expect(&report, "znodes", "/hadoop-ha/nsd1907", "doubtful", "ha.zookeeper.acl")?;
        let text = tool.stdout(1, &["doctor"]).await?;
        ensure!(text.contains("What to do") && text.contains(" bad, "), "{text}");
        Ok(())
    });
}

/// Formats the journal on all of them, as `hdfs namenode -format` does.
async fn format(nodes: &[JournalNode]) -> Result<()> {
    let namespace = NamespaceInfo::of_storage(StorageInfo {
        layout_version: LayoutVersion::CURRENT,
        namespace_id: 12345,
        cluster_id: "CID-doctor".to_owned(),
        c_time: 0,
    });
    let target = |node: &JournalNode| {
        let address = node.rpc_address();
        Target::new(address.ip().to_string(), address.port())
    };
    let targets: Vec<_> = nodes.iter().map(target).collect();
    let options = QuorumOptions { user: Some("hdfs".to_owned()), ..QuorumOptions::default() };
    let journal = JournalId::new("nsd1907")?;
    let admin = QuorumAdmin::new(&journal, &targets, &namespace, options);
    admin.format_all(false).await?;
    Ok(())
}

#[test]
fn journalnodes_are_asked_and_their_majority_counted() {
    WorkDir::run("failover-doctor-journalnodes", |root| {
        let mut nodes = Vec::new();
        for name in ["jn1", "jn2", "jn3"] {
            let mut node = JournalNode::new(name, JournalNodeKind::Rust, root)?;
            node.configure(&Site::new())?;
            node.start()?;
            nodes.push(node);
        }
        let addresses: Vec<_> = nodes.iter().map(|node| node.rpc_address().to_string()).collect();
        let uri = format!("qjournal://{}/nsd1907", addresses.join(";"));
        let tool = Zkfc::tool("127.0.0.1:1", &[("dfs.namenode.shared.edits.dir", uri)])?;
        block_on(async {
            let report = tool.json(1, &["doctor", "--json"]).await?;
            let row = finding(&report, "journalnodes", &addresses[0])?.to_string();
            ensure!(row.contains("not formatted"), "{row}");
            expect(&report, "journalnodes", "majority", "bad", "start JournalNodes")?;
            format(&nodes).await?;
            let report = tool.json(1, &["doctor", "--json"]).await?;
            expect(&report, "journalnodes", "majority", "ok", "")?;
            let row = finding(&report, "journalnodes", &addresses[2])?;
            ensure!(row["found"] == "promised epoch 0", "{row:#}");
            expect(&report, "clocks", &addresses[0], "ok", "")?;
            nodes[0].kill()?;
            let report = tool.json(1, &["doctor", "--json"]).await?;
            expect(&report, "journalnodes", &addresses[0], "doubtful", "start it")?;
            expect(&report, "journalnodes", "majority", "ok", "")?;
            nodes[1].kill()?;
            let report = tool.json(1, &["doctor", "--json"]).await?;
            expect(&report, "journalnodes", "majority", "bad", "start JournalNodes")
        })
    });
}

#[test]
fn a_dry_run_over_ssh_finds_what_lacks_and_harms_nobody() {
    WorkDir::run("failover-check-fence", |root| {
        let key = KeyPair::generate(root, "key", KeyKind::Ed25519)?;
        let stranger = KeyPair::generate(root, "stranger", KeyKind::Ed25519)?;
        let (sshd, mut victim) = (Sshd::start(root, &[&key])?, Victim::start()?);
        let tool = |key: &KeyPair| {
            Zkfc::tool(
                "127.0.0.1:1",
                &[
                    ("dfs.ha.namenode.id", "nn1".to_owned()),
                    (
                        "dfs.namenode.rpc-address.nsd1907.nn2",
                        format!("127.0.0.1:{}", victim.port()),
                    ),
                    ("dfs.ha.fencing.methods", format!("sshfence(:{})", sshd.port())),
                    ("dfs.ha.fencing.ssh.private-key-files", key.private().display().to_string()),
                ],
            )
        };
        let (good, bad) = (tool(&key)?, tool(&stranger)?);
        block_on(async {
            let report = good.json(0, &["check-fence", "--json"]).await?;
            ensure!(report["all_work"] == true, "{report:#}");
            ensure!(report["targets"].as_array().is_some_and(|all| all.len() == 1), "peers only");
            let text = bad.stdout(1, &["check-fence"]).await?;
            ensure!(text.contains("nsd1907/nn2: CANNOT BE FENCED"), "{text}");
            ensure!(text.contains("! login:"), "what to do: {text}");
            Ok(())
        })?;
        ensure!(victim.is_alive()? && victim.answers(), "nothing was killed");
        Ok(())
    });
}
