use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;
use tracing::{debug, info, warn};

use super::input::{Input, Inputs};
use super::timeline::Timeline;
use crate::ledger::{FailoverRecord, Ledger, Standing};

/// Pause after the ledger could not be looked at.
const RETRY_PAUSE: Duration = Duration::from_secs(5);
/// Failovers that wait for a session to be written down.
const MAX_UNWRITTEN: usize = 16;

/// What is read from and written into the ledger beside the lock. Nothing waits for it, and its
/// failures are told and forgotten.
pub(super) struct Desk {
    inputs: Inputs,
    /// What people want, as far as the engine was told.
    pub(super) standing: Standing,
    /// The version of the breadcrumb that was read last.
    pub(super) breadcrumb: Option<i32>,
    unwritten: VecDeque<FailoverRecord>,
    last: Option<FailoverRecord>,
    watch: Option<AbortOnDropHandle<()>>,
    taking: Option<AbortOnDropHandle<()>>,
}

impl Desk {
    pub(super) fn new(inputs: Inputs, standing: Standing) -> Self {
        Self {
            inputs,
            standing,
            breadcrumb: None,
            unwritten: VecDeque::new(),
            last: None,
            watch: None,
            taking: None,
        }
    }

    /// Looks at what people want, in this session from now on.
    pub(super) fn follow(&mut self, ledger: Arc<dyn Ledger>) {
        let (inputs, mut seen) = (self.inputs.clone(), self.standing.clone());
        let watch = tokio::spawn(async move {
            loop {
                match ledger.changed(seen.clone()).await {
                    Ok(now) => {
                        seen = now.clone();
                        let _ = inputs.send(Input::Standing(now));
                    }
                    Err(problem) => {
                        debug!("{problem}");
                        sleep(RETRY_PAUSE).await;
                    }
                }
            }
        });
        self.watch = Some(AbortOnDropHandle::new(watch));
    }

    /// A failover to be written down.
    pub(super) fn add(&mut self, timeline: &Timeline) {
        if self.last.as_ref().is_some_and(|last| timeline.repeats(last)) {
            return;
        }
        self.last = Some(timeline.record.clone());
        self.keep(timeline.record.clone());
    }

    /// To be written down when there is contact.
    pub(super) fn keep(&mut self, record: FailoverRecord) {
        if self.unwritten.len() == MAX_UNWRITTEN {
            self.unwritten.pop_front();
        }
        self.unwritten.push_back(record);
    }

    /// Writes down what waits for that.
    pub(super) fn write(&mut self, ledger: impl FnOnce() -> Option<Arc<dyn Ledger>>) {
        if self.unwritten.is_empty() {
            return;
        }
        let Some(ledger) = ledger() else { return };
        let records = std::mem::take(&mut self.unwritten);
        let inputs = self.inputs.clone();
        tokio::spawn(async move {
            for record in records {
                match ledger.record(record.clone()).await {
                    Ok(()) => (),
                    Err(problem) if problem.is_lost_contact() => {
                        debug!("the failover is not in the history yet: {problem}");
                        let _ = inputs.send(Input::Unwritten(record));
                    }
                    Err(problem) => warn!("the failover is not in the history: {problem}"),
                }
            }
        });
    }

    /// Takes the word of a person for the breadcrumb that holds up this node; only one can.
    pub(super) fn take_confirmation(&mut self, ledger: Arc<dyn Ledger>) {
        let is_taking = self.taking.as_ref().is_some_and(|taking| !taking.is_finished());
        let Some(version) = self.breadcrumb.filter(|_| !is_taking) else { return };
        let inputs = self.inputs.clone();
        // Not again for the same word: it is told anew when it changes.
        self.standing.confirmation = None;
        let taking = tokio::spawn(async move {
            match ledger.take_confirmation(version).await {
                Ok(Some(confirmation)) => {
                    let _ = inputs.send(Input::Confirmed(confirmation));
                }
                Ok(None) => info!("the confirmation is not for the breadcrumb that is there"),
                Err(problem) => warn!("cannot take the confirmation: {problem}"),
            }
        });
        self.taking = Some(AbortOnDropHandle::new(taking));
    }
}
