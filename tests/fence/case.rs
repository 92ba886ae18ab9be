use std::path::Path;
use std::time::Duration;

use failover::fence::{FenceOptions, FenceReport, FenceTarget, Fencer, Outcome};
use failover::types::{ActiveNode, NameNodeId};
use system_tests::ssh::{KeyKind, KeyPair, Sshd};
use tempfile::TempDir;

/// A folder with one accepted key, and where a test's sshd goes.
pub(crate) struct Case {
    pub(crate) dir: TempDir,
    pub(crate) key: KeyPair,
}

impl Case {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = KeyPair::generate(dir.path(), "key", KeyKind::Ed25519).unwrap();
        Self { dir, key }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn sshd(&self) -> Sshd {
        Sshd::start(self.path(), &[&self.key]).unwrap()
    }

    pub(crate) fn options(&self) -> FenceOptions {
        options(&[&self.key])
    }
}

pub(crate) fn options(keys: &[&KeyPair]) -> FenceOptions {
    let mut options = FenceOptions::default();
    options.ssh.key_files = keys.iter().map(|key| key.private().to_owned()).collect();
    options.ssh.connect_timeout = Duration::from_secs(20);
    options
}

/// nn1 of ns1 on loopback.
pub(crate) fn target(port: u16) -> FenceTarget {
    FenceTarget {
        node: ActiveNode {
            id: NameNodeId::new("ns1", "nn1"),
            hostname: "127.0.0.1".to_owned(),
            port: i32::from(port),
            zkfc_port: 8019,
        },
        address: Some(([127, 0, 0, 1], port).into()),
        properties: vec![("dfs.nameservices".to_owned(), "${x}".to_owned())],
    }
}

pub(crate) fn sshfence(sshd: &Sshd, options: FenceOptions) -> Fencer {
    Fencer::parse(&format!("sshfence(:{})", sshd.port()), options).unwrap()
}

pub(crate) async fn fence(sshd: &Sshd, options: FenceOptions, port: u16) -> FenceReport {
    sshfence(sshd, options).fence(&target(port)).await
}

/// The proof of the first method.
#[track_caller]
pub(crate) fn proof(report: &FenceReport) -> &str {
    match &report.attempts[0].outcome {
        Outcome::Fenced(proof) => proof,
        Outcome::NotFenced(why) => panic!("not fenced: {why}"),
    }
}

/// Why the first method did not fence.
#[track_caller]
pub(crate) fn reason(report: &FenceReport) -> &str {
    match &report.attempts[0].outcome {
        Outcome::Fenced(proof) => panic!("fenced: {proof}"),
        Outcome::NotFenced(why) => why,
    }
}
