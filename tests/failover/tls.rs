//! TLS to a real ZooKeeper, which knows its clients by their certificates.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use failover::lock::LockService;
use failover::settings::{TlsFiles, ZooKeeperSettings};
use system_tests::process::WorkDir;
use system_tests::zookeeper::{Authority, ZooKeeperServer};

use crate::fixture::{JAVA_NN1, block_on, formatted, settings};
use crate::zkfc::Zkfc;

/// A server, and the files of a client that it trusts.
struct Secure {
    server: ZooKeeperServer,
    files: TlsFiles,
}

impl Secure {
    fn start(root: &Path) -> Result<Self> {
        let authority = Authority::new(&root.join("tls"), "authority")?;
        let mut server = ZooKeeperServer::with_tls(root, &authority)?;
        server.start()?;
        let files =
            TlsFiles { keystore: authority.issue("nn01")?, truststore: authority.certificate() };
        Ok(Self { server, files })
    }

    fn controller(&self, keystore: PathBuf, truststore: PathBuf) -> Result<Zkfc> {
        Zkfc::of_nn1(
            self.server.secure_address()?,
            &[
                ("hadoop.zk.ssl.enabled", "true"),
                ("hadoop.zk.ssl.keystore.location", &keystore.display().to_string()),
                ("hadoop.zk.ssl.keystore.password", "unused"),
                ("hadoop.zk.ssl.truststore.location", &truststore.display().to_string()),
                ("hadoop.zk.ssl.truststore.password", "unused"),
            ],
        )
    }
}

#[test]
fn fc_016_a_session_over_tls_takes_the_lock() {
    WorkDir::run("failover-tls", |root| {
        let secure = Secure::start(root)?;
        let settings = ZooKeeperSettings {
            tls: Some(secure.files.clone()),
            ..settings(secure.server.secure_address()?)
        };
        block_on(async {
            let lock = formatted(&settings).await?;
            let session = lock.open().await?;
            session.create_lock(JAVA_NN1).await?;
            session.write_breadcrumb(JAVA_NN1, None).await?;
            let owner = session.stat_lock().await?;
            ensure!(owner.is_some_and(|owner| owner.session == session.id()), "{owner:?}");
            session.close().await;
            Ok(())
        })
    });
}

#[test]
fn the_role_of_a_server_is_asked_over_tls() {
    WorkDir::run("failover-tls-tools", |root| {
        let secure = Secure::start(root)?;
        let TlsFiles { keystore, truststore } = secure.files.clone();
        let address = secure.server.secure_address()?.to_string();
        block_on(async {
            let tool = secure.controller(keystore.clone(), truststore)?;
            let said = tool.stdout(1, &["status"]).await?;
            ensure!(said.contains(&format!("{address} standalone")), "{said}");
            let said = tool.stdout(1, &["doctor"]).await?;
            ensure!(said.contains(&format!("dataDir of {address}")), "{said}");

            let other = Authority::new(&root.join("other"), "other")?;
            let distrusting = secure.controller(keystore.clone(), other.certificate())?;
            let said = distrusting.stdout(2, &["status"]).await?;
            ensure!(said.contains("no TLS") && said.contains("UnknownIssuer"), "{said}");

            let lost = secure.controller(keystore, root.join("missing.pem"))?;
            let said = lost.stdout(2, &["status"]).await?;
            ensure!(said.contains(&format!("{address} unknown")), "{said}");
            ensure!(said.contains("missing.pem"), "{said}");
            Ok(())
        })
    });
}

#[test]
fn fc_016_who_is_not_trusted_is_named_and_nothing_is_changed() {
    WorkDir::run("failover-tls-strangers", |root| {
        let secure = Secure::start(root)?;
        let TlsFiles { keystore, truststore } = secure.files.clone();
        let other = Authority::new(&root.join("other"), "other")?;
        block_on(async {
            let known = secure.controller(keystore.clone(), truststore.clone())?;
            known.stderr(3, &[], "").await?;
            let distrusting = secure.controller(keystore, other.certificate())?;
            let said = distrusting.stderr(6, &["-formatZK"], "").await?;
            ensure!(said.contains("UnknownIssuer") && said.contains("truststore"), "{said}");
            let stranger = secure.controller(other.issue("stranger")?, truststore)?;
            let said = stranger.stderr(6, &["-formatZK"], "").await?;
            ensure!(said.contains("trusts the certificate of"), "{said}");
            known.stderr(3, &[], "").await?;
            Ok(())
        })
    });
}
