use std::time::Duration;

use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;
use tracing::{info, warn};
use zookeeper_client::{Client, Connector, SessionInfo};

use super::{errors, four_letter_word};
use crate::lock::{AuthEntry, LockError};
use crate::settings::{StartFailure, ZooKeeperSettings};

/// How the servers of an ensemble are reached.
#[derive(Clone, Debug)]
pub struct Ensemble {
    quorum: String,
    session_timeout: Duration,
    auth: Vec<AuthEntry>,
    #[cfg(feature = "tls")]
    tls: Option<super::tls::Tls>,
}

impl Ensemble {
    /// The ensemble of the configuration. Certificates are read here.
    pub fn new(settings: &ZooKeeperSettings) -> Result<Self, StartFailure> {
        #[cfg(not(feature = "tls"))]
        if let Some(files) = &settings.tls {
            return Err(StartFailure::File {
                key: "hadoop.zk.ssl.enabled",
                path: files.keystore.clone(),
                reason: "this zkfc-rs was built without TLS; build it with --features tls"
                    .to_owned(),
            });
        }
        Ok(Self {
            quorum: settings.quorum.clone(),
            session_timeout: settings.session_timeout,
            auth: settings.auth.clone(),
            #[cfg(feature = "tls")]
            tls: settings.tls.as_ref().map(super::tls::Tls::read).transpose()?,
        })
    }

    /// What one of its servers answers to a four-letter word: over TLS, where sessions are. Without
    /// limit of time.
    pub async fn ask(&self, host: &str, port: u16, word: &'static str) -> std::io::Result<String> {
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.tls {
            let (probe, host) = (tls.probe.clone(), host.to_owned());
            return tokio::task::spawn_blocking(move || probe.ask(&host, port, word)).await?;
        }
        four_letter_word::ask(host, port, word).await
    }

    /// Opens a new session, in one attempt as long as a session may be out of contact.
    pub(super) async fn open(&self) -> Result<Client, LockError> {
        let client = match self.connect(self.connector(), self.session_timeout).await {
            Ok(client) => client,
            Err(error) => {
                self.complain().await;
                return Err(error);
            }
        };
        let (asked, negotiated) = (self.session_timeout, client.session_timeout());
        if asked == negotiated {
            info!("session {} with ZooKeeper: timeout {asked:?}", client.session_id());
        } else {
            warn!(
                "session {} with ZooKeeper: its timeout is {negotiated:?}, not the {asked:?} of \
                 ha.zookeeper.session-timeout.ms, because of the servers' tickTime and \
                 min/maxSessionTimeout; failover takes accordingly",
                client.session_id()
            );
        }
        Ok(client)
    }

    /// Goes on with a session after its connection was given up. Only `SessionExpired` says that
    /// it is over.
    pub(super) async fn resume(&self, session: SessionInfo) -> Result<Client, LockError> {
        // The crate tries for 7/5 of the timeout; twice the timeout is a bound for a crate that
        // hangs.
        self.connect(self.connector().with_session(session), self.session_timeout * 2).await
    }

    fn connector(&self) -> Connector {
        let connector = Client::connector().with_session_timeout(self.session_timeout);
        #[cfg(feature = "tls")]
        let connector = match &self.tls {
            Some(tls) => connector.with_tls(tls.options.clone()),
            None => connector,
        };
        self.auth.iter().fold(connector, |connector, auth| {
            connector.with_auth(&auth.scheme, auth.credentials.as_bytes())
        })
    }

    /// In a task of its own: the crate may panic while it connects.
    async fn connect(&self, connector: Connector, limit: Duration) -> Result<Client, LockError> {
        let quorum = self.quorum.clone();
        let secure = self.is_secure();
        let task = AbortOnDropHandle::new(tokio::spawn(async move {
            connect(connector, &quorum, secure).await
        }));
        match timeout(limit, task).await {
            Err(_) => Err(LockError::ConnectionLoss),
            Ok(Err(died)) => Err(LockError::Other(format!("the ZooKeeper client failed: {died}"))),
            Ok(Ok(connected)) => connected.map_err(errors::of_connect),
        }
    }

    /// Says what TLS has to do with it that there is no connection.
    #[cfg(feature = "tls")]
    async fn complain(&self) {
        let Some(tls) = &self.tls else { return };
        let (probe, quorum) = (tls.probe.clone(), self.quorum.clone());
        let complaint = tokio::task::spawn_blocking(move || probe.complaint(&quorum)).await;
        if let Ok(Some(complaint)) = complaint {
            warn!("ZooKeeper: {complaint}");
        }
    }

    #[cfg(not(feature = "tls"))]
    async fn complain(&self) {}

    #[cfg(feature = "tls")]
    fn is_secure(&self) -> bool {
        self.tls.is_some()
    }

    #[cfg(not(feature = "tls"))]
    fn is_secure(&self) -> bool {
        false
    }
}

#[cfg(feature = "tls")]
async fn connect(
    connector: Connector,
    quorum: &str,
    secure: bool,
) -> Result<Client, zookeeper_client::Error> {
    if secure { connector.secure_connect(quorum).await } else { connector.connect(quorum).await }
}

#[cfg(not(feature = "tls"))]
async fn connect(
    connector: Connector,
    quorum: &str,
    _secure: bool,
) -> Result<Client, zookeeper_client::Error> {
    connector.connect(quorum).await
}
