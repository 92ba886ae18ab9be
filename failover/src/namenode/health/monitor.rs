use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use hadoop_ipc::client::{ClientError, HowClosed};
use hadoop_ipc::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tracing::{debug, info};

use super::next::{Settled, Then};
use super::seen::{Failure, Probe, Seen};
use super::watch::HealthWatch;
use super::{HealthReport, HealthSettings};
use crate::namenode::{Fault, FaultKind, NameNode, ServiceStatus};
use crate::types::Health;

/// Reports that wait for the controller. It reads them at once; if it ever does not, looking
/// waits for it, as in Java.
const MAX_WAITING_REPORTS: usize = 64;
/// A bare connect that takes longer says nothing.
const PROBE_LIMIT: Duration = Duration::from_secs(1);

/// Watches one NameNode, at its lifeline address if it has one (`HealthMonitor`).
///
/// Each look asks for the state, then for the health, on one connection. Between two looks the
/// connection itself is watched: the end of a killed NameNode is noticed when it breaks.
pub struct HealthMonitor {
    namenode: NameNode,
    settings: HealthSettings,
    watch: HealthWatch,
    reports: mpsc::Sender<HealthReport>,
    /// What the look that is being settled learned.
    status: Option<ServiceStatus>,
    /// Where the broken connection led to.
    broken_peer: Option<SocketAddr>,
    /// When the first sign of what is being looked into came.
    first_sign: Option<Instant>,
}

impl HealthMonitor {
    /// A monitor and its reports. Give it a NameNode of its own, whose options do not retry: how
    /// often a refused connect is tried again is the monitor's to say.
    pub fn new(
        namenode: NameNode,
        settings: HealthSettings,
    ) -> (Self, mpsc::Receiver<HealthReport>) {
        let (reports, receiver) = mpsc::channel(MAX_WAITING_REPORTS);
        let watch = HealthWatch::new(settings.clone());
        let monitor = Self {
            namenode,
            settings,
            watch,
            reports,
            status: None,
            broken_peer: None,
            first_sign: None,
        };
        (monitor, receiver)
    }

    /// Looks until nobody reads the reports any more.
    pub async fn run(mut self) {
        let mut then = Then::Look(Duration::ZERO);
        loop {
            let seen = match then {
                Then::Look(pause) => match self.pause(pause).await {
                    Some(disconnected) => disconnected,
                    None => self.look().await,
                },
                Then::Probe(pause) => {
                    sleep(pause).await;
                    Seen::Probed(self.probe().await)
                }
            };
            debug!(namenode = %self.namenode.id(), ?seen, "health");
            let next = self.watch.step(seen);
            then = next.then;
            if let Some(settled) = next.settled
                && self.settle(settled).await.is_err()
            {
                return;
            }
        }
    }

    /// Waits, or returns early with the end of the connection.
    async fn pause(&mut self, pause: Duration) -> Option<Seen> {
        if pause.is_zero() {
            return None;
        }
        let ended = tokio::select! {
            () = sleep(pause) => return None,
            () = self.reports.closed() => return None,
            Some(ended) = self.namenode.disconnected() => ended,
            // Without a connection there is nothing to watch: `disconnected` is disabled.
        };
        self.begin();
        self.broken_peer = Some(ended.peer);
        let how = match &ended.error {
            ClientError::Closed(closed) => closed.how,
            _ => HowClosed::Broken,
        };
        Some(Seen::Disconnected(how, ended.error.to_string()))
    }

    async fn look(&mut self) -> Seen {
        self.begin();
        match self.ask().await {
            Ok(()) => Seen::Passed,
            Err(fault) => match fault.kind {
                FaultKind::HealthCheckFailed => Seen::Unhealthy(fault.message),
                FaultKind::Refused => Seen::Failed(Failure::Refused, fault.to_string()),
                FaultKind::Broken(how) => {
                    self.broken_peer = self.namenode.peer().await;
                    Seen::Failed(Failure::Broken(how), fault.to_string())
                }
                _ => Seen::Failed(Failure::Other, fault.to_string()),
            },
        }
    }

    async fn ask(&mut self) -> Result<(), Fault> {
        let limit = self.settings.rpc_timeout;
        self.status = None;
        let status = self.namenode.get_service_status(limit).await?;
        // Without an answer to the next question Java does not report this one either.
        let health = self.namenode.monitor_health(limit).await;
        let answered = match &health {
            Ok(()) => true,
            Err(fault) => fault.kind == FaultKind::HealthCheckFailed,
        };
        self.status = Some(status).filter(|_| answered);
        health
    }

    /// Does anybody listen where the broken connection led to?
    async fn probe(&self) -> Probe {
        let Some(peer) = self.broken_peer else { return Probe::Unclear };
        match timeout(PROBE_LIMIT, TcpStream::connect(peer)).await {
            Ok(Ok(_)) => Probe::Accepted,
            Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => Probe::Refused,
            Ok(Err(_)) | Err(_) => Probe::Unclear,
        }
    }

    fn begin(&mut self) {
        self.first_sign.get_or_insert_with(Instant::now);
    }

    async fn settle(&mut self, settled: Settled) -> Result<(), mpsc::error::SendError<()>> {
        let Settled { health, changed, why } = settled;
        let detected_after = self.first_sign.take().map_or(Duration::ZERO, |sign| sign.elapsed());
        let status = self.status.take();
        if health == Health::NotResponding {
            self.namenode.disconnect().await;
            if !changed {
                return if self.reports.is_closed() {
                    Err(mpsc::error::SendError(()))
                } else {
                    Ok(())
                };
            }
        }
        if changed {
            let namenode = self.namenode.id();
            info!(%namenode, %health, why, ?detected_after, "entering health state");
        }
        let report = HealthReport {
            health,
            changed,
            state: status.as_ref().map(|status| status.state),
            not_ready_reason: status.and_then(|status| status.not_ready_reason),
            why,
            detected_after,
        };
        self.reports.send(report).await.map_err(|_| mpsc::error::SendError(()))
    }
}
