use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};

use hadoop_ipc::client::Target;
use hadoop_ipc::conf::HostPort;
use tokio::task::spawn_blocking;

use crate::engine::{Answer, Fault};
use crate::evidence::HostWatch;
use crate::lock::LockSession;
use crate::namenode::{CallOptions, NameNode, ThreadDump};
use crate::rpc::PeerController;
use crate::settings::ControllerSettings;
use crate::types::{NameNodeId, ServiceState};

use super::{faults, lease};

/// The NameNodes of the nameservice and their controllers, as they are called.
pub struct NameNodes {
    pub(super) settings: Arc<ControllerSettings>,
    pub(super) options: CallOptions,
    own: NameNode,
    /// Of the host of the old active that does not obey.
    watch: Mutex<Option<Arc<HostWatch>>>,
}

impl NameNodes {
    /// Nothing is called yet. `options` are those of every call.
    pub fn new(settings: Arc<ControllerSettings>, options: CallOptions) -> Self {
        let local = &settings.local;
        // A NameNode that refuses connects is not active, and the health monitor looks again.
        let once = options.clone().without_retries();
        let own = NameNode::new(local.id.clone(), target(&local.service_address), &once);
        Self { settings, options, own, watch: Mutex::new(None) }
    }

    /// Tells the own NameNode to be active, unless the lease is out by then. The connection is
    /// there before the lease is looked at: only the way of one message is in between.
    pub(super) async fn activate(&self, session: Option<Arc<dyn LockSession>>) -> Answer {
        let transitions = &self.settings.transitions;
        let reached = self.own.get_service_status(transitions.graceful_fence_timeout).await;
        if let Err(fault) = reached {
            return Answer::Transition(Err(fault.to_string()));
        }
        if !session.is_some_and(|session| lease::is_left(session.as_ref())) {
            let why = "not told to be active: ZooKeeper has not confirmed the session for too long";
            return Answer::Transition(Err(why.to_owned()));
        }
        let told = self.own.transition_to_active(transitions.new_active_timeout).await;
        Answer::Transition(told.map_err(|fault| fault.to_string()))
    }

    /// Tells the own NameNode to be standby.
    pub(super) async fn stand_by(&self) -> Answer {
        let limit = self.settings.transitions.graceful_fence_timeout;
        let told = self.own.transition_to_standby(limit).await;
        Answer::Transition(told.map_err(|fault| fault.to_string()))
    }

    /// What the own NameNode says it is, if it answers.
    pub(super) async fn own_state(&self) -> Option<ServiceState> {
        let limit = self.settings.transitions.graceful_fence_timeout;
        Some(self.own.get_service_status(limit).await.ok()?.state)
    }

    /// Asks another controller to leave the election, or to come back.
    pub(super) async fn ask_to_cede(
        &self,
        peer: &NameNodeId,
        zkfc_port: Option<i32>,
        period_ms: i32,
    ) -> Answer {
        Answer::Ceded(match self.controller_address(peer, zkfc_port) {
            Ok(address) => {
                let controller = PeerController::new(address, &self.options);
                let limit = self.settings.transitions.graceful_fence_timeout * 2;
                let ceded = controller.cede_active(period_ms, limit).await;
                ceded.map_err(|fault| faults::of_peer(&fault))
            }
            Err(message) => Err(Fault { java_class: "java.io.IOException".to_owned(), message }),
        })
    }

    /// Where the threads of the own NameNode can be asked for, if that is wanted.
    pub(super) fn thread_dump(&self) -> Option<ThreadDump> {
        let local = &self.settings.local;
        let timeout = self.settings.health.thread_dump_timeout.filter(|_| !local.https)?;
        Some(ThreadDump { address: target(&local.http_address), timeout })
    }

    /// Watches a host: the watch of the attempt before goes on if it is the same one.
    pub(super) fn watch(&self, doors: Vec<HostPort>) -> Arc<HostWatch> {
        let mut current = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(watch) = current.as_ref().filter(|watch| watch.looks_at(&doors)) {
            watch.renew();
            return Arc::clone(watch);
        }
        let watch = Arc::new(HostWatch::start(doors));
        *current = Some(Arc::clone(&watch));
        watch
    }

    /// Nobody waits for a host any more.
    pub(super) fn stop_watching(&self) {
        *self.watch.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn controller_address(
        &self,
        peer: &NameNodeId,
        zkfc_port: Option<i32>,
    ) -> Result<Target, String> {
        let configured = self.settings.namenode(peer);
        let configured = configured.ok_or_else(|| format!("{peer} is not configured"))?;
        let mut address = configured.zkfc_address();
        if let Some(port) = zkfc_port.and_then(|port| u16::try_from(port).ok()) {
            address.port = port;
        }
        if address.port == 0 {
            return Err(format!("nobody knows the port of the controller of {peer}"));
        }
        Ok(target(&address))
    }
}

pub(super) fn target(address: &HostPort) -> Target {
    Target::new(address.host.clone(), address.port)
}

/// The first address of a name. Name servers may be slow, so not on a thread of the runtime.
pub(super) async fn resolve(address: HostPort) -> Option<SocketAddr> {
    let host = (address.host, address.port);
    spawn_blocking(move || host.to_socket_addrs().ok()?.next()).await.ok().flatten()
}
