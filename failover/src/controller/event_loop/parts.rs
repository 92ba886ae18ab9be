use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::controller::NameNodes;
use crate::engine::Settings;
use crate::ledger::Paused;
use crate::lock::{LockService, LockSession};
use crate::namenode::HealthReport;

/// What a controller is made of.
pub struct Parts {
    /// What the engine is told of the configuration.
    pub settings: Settings,
    /// Where sessions are opened.
    pub lock: Arc<dyn LockService>,
    /// The session that start-up opened.
    pub session: Arc<dyn LockSession>,
    /// The session timeout that is asked for: the pace while there is no session.
    pub session_timeout: Duration,
    /// The loop turns at least this often, if anybody counts on it.
    pub longest_turn: Option<Duration>,
    /// The NameNodes and their controllers.
    pub namenodes: NameNodes,
    /// The looks at the own NameNode.
    pub health: mpsc::Receiver<HealthReport>,
    /// Who paused the nameservice before this process started, if anybody.
    pub paused: Option<Paused>,
    /// End after so many failures to open a session in a row, as Java does; `None`: never.
    pub session_tries: Option<u32>,
}
