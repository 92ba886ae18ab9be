use std::pin::Pin;

use hadoop_ipc::supervisor::Supervisor;
use rustix::process::Signal;
use tracing::{error, info};

use super::alone::Alone;
use super::handover::{Offer, Program, Successor};
use super::{Exit, Requests};

/// A daemon that can hand over to a new process.
pub(super) struct Replaceable {
    pub(super) program: Program,
    pub(super) requests: Requests,
    pub(super) offer: Offer,
    pub(super) alone: Alone,
}

/// How a daemon ends.
pub(super) enum End {
    /// It was told to stop.
    Stopped(Exit),
    /// Another process goes on.
    Replaced(Successor),
}

impl Replaceable {
    /// Waits until it is asked to hand over, and may. The next process waits for the end of this
    /// one alone: so the one before must be gone by then.
    async fn asked(&mut self) {
        self.requests.next().await;
        if !self.alone.is_set() {
            info!("the process before is still there: handing over once it is gone");
            self.alone.reached().await;
        }
    }
}

impl End {
    /// Waits for it. A hand-over that comes to nothing is none.
    pub(super) async fn of<S: Future<Output = Exit>>(
        replaceable: Option<Replaceable>,
        mut stop: Pin<&mut S>,
    ) -> Self {
        let Some(mut replaceable) = replaceable else { return Self::Stopped(stop.await) };
        loop {
            tokio::select! {
                biased;
                exit = stop.as_mut() => return Self::Stopped(exit),
                () = replaceable.asked() => {}
            }
            let mut told = None;
            let stopped = async { told = Some(stop.as_mut().await) };
            let Replaceable { program, offer, .. } = &replaceable;
            match (Successor::install(program, offer, stopped).await, told) {
                (Ok(successor), _) => return Self::Replaced(successor),
                (Err(_), Some(exit)) => return Self::Stopped(exit),
                (Err(error), None) => error!("not handed over, this process goes on: {error}"),
            }
        }
    }

    /// Tells the log, and whoever started this process.
    pub(super) fn announce(&self, supervisor: &Supervisor) {
        match self {
            Self::Stopped(exit) => {
                info!("stopping: {exit:?}");
                supervisor.stopping();
            }
            Self::Replaced(successor) => supervisor.main_process(successor.pid()),
        }
    }

    /// Does the rest of the work. Who tells this process to stop meanwhile means the service.
    pub(super) async fn while_stopping<S: Future<Output = Exit>>(
        &self,
        work: impl Future<Output = ()>,
        stop: Pin<&mut S>,
    ) {
        let Self::Replaced(successor) = self else { return work.await };
        let mut work = std::pin::pin!(work);
        tokio::select! {
            biased;
            () = work.as_mut() => {}
            _ = stop => {
                successor.signal(Signal::TERM);
                work.await;
            }
        }
    }

    /// The end.
    pub(super) fn exit(self) -> Exit {
        match self {
            Self::Stopped(exit) => exit,
            Self::Replaced(successor) => {
                // What is open towards it is closed with this process, which tells it that.
                std::mem::forget(successor);
                Exit::Replaced
            }
        }
    }
}
