//! Hadoop's own sshfence where ours does better: what is claimed of it is seen here.

use std::path::Path;

use anyhow::{Result, ensure};
use failover::fence::{FenceOptions, FenceTarget, Fencer};
use failover::types::{ActiveNode, NameNodeId};
use system_tests::hadoop::{Site, java};
use system_tests::process::{Launcher, WorkDir};
use system_tests::ssh::{KeyKind, KeyPair, Sshd, Victim};

use crate::fixture::block_on;

/// A login without rights over the victim, on a host without any tool but `fuser`.
const NOBODY_WITHOUT_NC: &str = "fuser() { /usr/bin/fuser \"$@\"; }; export -f fuser; \
    PATH=/nowhere; export PATH; \
    exec /usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups -- \
    /bin/bash -c \"$SSH_ORIGINAL_COMMAND\"";

/// What Hadoop says of each key, in order.
fn javas_sshfence(root: &Path, sshd: &Sshd, port: u16, keys: &[&KeyPair]) -> Result<Vec<String>> {
    let conf = root.join("conf");
    Site::new().write(&conf)?;
    let mut command = java(&Launcher::here(), &conf, "SshFence")?;
    command.arg(format!("root:{}", sshd.port())).arg(port.to_string());
    command.args(keys.iter().map(|key| key.private()));
    let output = command.output()?;
    let said = String::from_utf8(output.stdout)?;
    let outcome = |key: &&KeyPair| {
        let start = format!("{}: ", key.private().display());
        said.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_default().to_owned()
    };
    Ok(keys.iter().map(outcome).collect())
}

/// The same with ours: whether it is sure that the port's owner is gone.
fn our_sshfence(sshd: &Sshd, port: u16, key: &KeyPair) -> Result<bool> {
    let mut options = FenceOptions::default();
    options.ssh.key_files = vec![key.private().to_owned()];
    let fencer = Fencer::parse(&format!("sshfence(root:{})", sshd.port()), options)?;
    let target = FenceTarget {
        node: ActiveNode {
            id: NameNodeId::new("ns1", "nn1"),
            hostname: "127.0.0.1".to_owned(),
            port: i32::from(port),
            zkfc_port: 8019,
        },
        address: Some(([127, 0, 0, 1], port).into()),
        properties: Vec::new(),
    };
    block_on(async { Ok(fencer.fence(&target).await.fenced_by.is_some()) })
}

/// Ours fences with all five: `tests/fence/keys.rs`.
#[test]
fn java_fences_with_one_of_five_kinds_of_keys() {
    WorkDir::run("failover-javas-keys", |root| {
        let key = |name, kind| KeyPair::generate(root, name, kind);
        let refused = [
            key("rsa", KeyKind::RsaOpenSsh)?,
            key("rsa-pem", KeyKind::RsaPem)?,
            key("ecdsa", KeyKind::EcdsaOpenSsh)?,
            key("ed25519", KeyKind::Ed25519)?,
        ];
        let taken = key("ecdsa-pem", KeyKind::EcdsaPem)?;
        // Last: it ends the victim.
        let keys: Vec<_> = refused.iter().chain([&taken]).collect();
        let (sshd, mut victim) = (Sshd::start(root, &keys)?, Victim::start()?);
        let said = javas_sshfence(root, &sshd, victim.port(), &keys)?;
        ensure!(said[..4].iter().all(|said| said.starts_with("NOT fenced")), "{said:?}");
        ensure!(said[4].starts_with("fenced after"), "{said:?}");
        ensure!(victim.killed_by()? == Some(9), "{said:?}");
        Ok(())
    });
}

#[test]
fn java_believes_that_it_fenced_a_process_that_lives() {
    WorkDir::run("failover-javas-false-fence", |root| {
        let key = KeyPair::generate(root, "key", KeyKind::EcdsaPem)?;
        let sshd = Sshd::forcing(root, &[&key], NOBODY_WITHOUT_NC)?;
        let mut victim = Victim::start()?;
        let said = javas_sshfence(root, &sshd, victim.port(), &[&key])?;
        ensure!(said[0].starts_with("fenced after"), "{said:?}");
        ensure!(!our_sshfence(&sshd, victim.port(), &key)?, "ours believes it, too");
        ensure!(victim.is_alive()? && victim.answers(), "it was killed after all");
        Ok(())
    });
}

#[test]
fn java_does_not_fence_where_fuser_is_missing() {
    WorkDir::run("failover-javas-fuser", |root| {
        let key = KeyPair::generate(root, "key", KeyKind::EcdsaPem)?;
        let sshd = Sshd::with_only(root, &[&key], &["ss", "nc"])?;
        let mut victim = Victim::start()?;
        let said = javas_sshfence(root, &sshd, victim.port(), &[&key])?;
        ensure!(said[0].starts_with("NOT fenced") && victim.is_alive()?, "{said:?}");
        ensure!(our_sshfence(&sshd, victim.port(), &key)?, "ours does not either");
        ensure!(victim.killed_by()? == Some(9));
        Ok(())
    });
}
