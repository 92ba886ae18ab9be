use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use journalnode::inspect::{InspectClient, TlsFiles};
use tempfile::TempDir;

use super::inspected_node::{InspectedNode, host_port};
use super::support::{ConfigDir, Node};

const KEYS: [&str; 3] = [
    "dfs.journalnode.inspect.tls.certificate",
    "dfs.journalnode.inspect.tls.key",
    "dfs.journalnode.inspect.tls.client-ca",
];

/// An authority, and those that it vouches for.
struct Authority {
    directory: TempDir,
}

impl Authority {
    fn new() -> Self {
        let authority = Self { directory: TempDir::new().unwrap() };
        authority.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-days",
            "2",
            "-subj",
            "/CN=authority",
        ]);
        authority
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A certificate for the loopback address, which a server and a caller may show.
    fn vouch_for(&self, name: &str) -> TlsFiles {
        let (key, request) = (format!("{name}.key"), format!("{name}.csr"));
        let certificate = format!("{name}.pem");
        self.openssl(&[
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            &key,
            "-out",
            &request,
            "-subj",
            "/CN=x",
        ]);
        fs::write(self.path("v3"), "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
            .unwrap();
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            &request,
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "2",
            "-extfile",
            "v3",
            "-out",
            &certificate,
        ]);
        TlsFiles {
            certificate: self.path(&certificate),
            key: self.path(&key),
            client_ca: self.path("ca.pem"),
        }
    }

    fn openssl(&self, arguments: &[&str]) {
        let ran = Command::new("openssl")
            .args(arguments)
            .current_dir(self.directory.path())
            .output()
            .expect("openssl is needed");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }
}

fn settings(files: &TlsFiles) -> Vec<(&'static str, String)> {
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let values = [text(&files.certificate), text(&files.key), text(&files.client_ca)];
    KEYS.into_iter().zip(values).collect()
}

fn node_with(files: &TlsFiles) -> InspectedNode {
    let owned = settings(files);
    let settings: Vec<_> = owned.iter().map(|(key, value)| (*key, value.as_str())).collect();
    InspectedNode::start(&settings)
}

async fn status(node: &InspectedNode, tls: Option<&TlsFiles>) -> Result<String, String> {
    let client = InspectClient::connect(&host_port(node.address()), tls).await;
    let mut client = client.map_err(|error| error.to_string())?;
    client.status().await.map(|status| status.version).map_err(|error| error.to_string())
}

#[tokio::test]
async fn only_who_shows_a_certificate_of_the_authority_is_let_in() {
    let authority = Authority::new();
    let node = node_with(&authority.vouch_for("node"));
    let operator = authority.vouch_for("operator");
    assert!(status(&node, Some(&operator)).await.unwrap().starts_with("3.4.3"));

    let refused = status(&node, None).await.unwrap_err();
    assert!(refused.contains("hung up") && refused.contains("wants TLS"), "{refused}");

    let other = Authority::new();
    let stranger = other.vouch_for("stranger");
    // It takes the node for who it is, and has nothing to show that the node would take.
    let stranger = TlsFiles { client_ca: operator.client_ca.clone(), ..stranger };
    let refused = status(&node, Some(&stranger)).await.unwrap_err();
    // The node's reason may come too late to be read.
    let says_so = ["do not trust each other", "a certificate that it trusts"];
    assert!(says_so.iter().any(|text| refused.contains(text)), "{refused}");
    assert!(status(&node, Some(&operator)).await.is_ok());
}

#[tokio::test]
async fn a_caller_does_not_talk_to_a_node_that_it_does_not_know() {
    let (authority, other) = (Authority::new(), Authority::new());
    let node = node_with(&authority.vouch_for("node"));
    let operator = other.vouch_for("operator");
    let refused = status(&node, Some(&operator)).await.unwrap_err();
    assert!(refused.contains("do not trust each other"), "{refused}");

    let plain = InspectedNode::start(&[]);
    let refused = status(&plain, Some(&operator)).await.unwrap_err();
    assert!(refused.contains("do not trust each other"), "{refused}");
}

#[test]
fn files_that_are_no_identity_leave_the_service_out_and_never_open() {
    let authority = Authority::new();
    let good = authority.vouch_for("node");
    let missing = TlsFiles { key: authority.path("no-such-file"), ..good.clone() };
    let nonsense = TlsFiles { certificate: authority.path("v3"), ..good };
    for (files, text) in [(missing, "no-such-file"), (nonsense, "do not make an identity")] {
        let owned = settings(&files);
        let settings: Vec<_> = owned.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let config = ConfigDir::new(&settings);
        let node = Node::start(config.command());
        assert_eq!(node.inspect, None);
        let log = node.log();
        assert!(log.contains("ERROR") && log.contains(text), "{log}");
    }
}
