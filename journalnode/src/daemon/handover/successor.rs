use std::io;
use std::os::fd::AsFd;
use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hadoop_ipc::server::{HaltError, PassedConnection};
use rustix::process::{Pid, Signal, kill_process};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use super::channel::{Channel, Parcel};
use super::message::Message;
use super::wire::{WireConnection, WireJournal};
use super::{HandOverError, Offer, Program};
use crate::journal::{Journal, PassedJournal, Still};

/// How long the new process may take until it could serve. Everything is served meanwhile.
const READY: Duration = Duration::from_secs(30);
/// How long calls in flight may take once no more are read. A NameNode waits 20 seconds for an
/// answer, and this comes before [`VERIFIED`].
const IDLE: Duration = Duration::from_secs(4);
/// How long a killed process may take to be gone.
const KILLED: Duration = Duration::from_secs(2);
/// How often that is looked at.
const POLL: Duration = Duration::from_millis(1);
/// How long the new process may take to be given everything and to look at it.
const VERIFIED: Duration = Duration::from_secs(4);

/// The process that goes on.
#[derive(Debug)]
pub(crate) struct Successor {
    child: Child,
    /// Closed by the kernel when this process is gone, and not before: then the new one knows.
    _channel: Arc<Channel>,
}

/// The new process, as long as this one may go on instead.
struct Candidate {
    child: Child,
    /// Open for as long as this process may go on, whatever becomes of a step: closed, it says
    /// that nobody is left here.
    channel: Arc<Channel>,
    killed: bool,
}

impl Successor {
    /// Starts the program anew and hands over to it. On failure the new process is gone, and
    /// this one serves as before.
    pub(crate) async fn install(
        program: &Program,
        offer: &Offer,
        stopped: impl Future<Output = ()>,
    ) -> Result<Self, HandOverError> {
        if std::process::id() == 1 {
            return Err(HandOverError::Init);
        }
        let (child, channel) = program.start()?;
        info!("starting process {} to hand over to it", child.id());
        let mut candidate = Candidate { child, channel: Arc::new(channel), killed: false };
        let ready = tokio::select! {
            biased;
            () = stopped => Err(HandOverError::Stopped),
            ready = candidate.prepare(offer) => ready,
        };
        let handed_over = match ready {
            Ok(()) => candidate.hand_over(offer).await,
            Err(error) => Err(error),
        };
        match handed_over {
            Ok(()) => Ok(Self { child: candidate.child, _channel: candidate.channel }),
            Err(error) => {
                candidate.kill().await;
                Err(error)
            }
        }
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Passes a signal on that was meant for the service.
    pub(crate) fn signal(&self, signal: Signal) {
        if let Err(error) = kill_process(Pid::from_child(&self.child), signal) {
            warn!("process {} was not told to stop: {error}", self.pid());
        }
    }
}

impl Candidate {
    /// Until it could serve.
    async fn prepare(&self, offer: &Offer) -> Result<(), HandOverError> {
        let sockets: Result<Vec<_>, _> =
            offer.sockets.iter().map(|socket| socket.try_clone()).collect();
        let (sockets, addresses) = (sockets?, offer.addresses);
        let sent = self.with_channel(move |channel| {
            let hello = Message::Hello {
                version: Message::VERSION,
                rpc: addresses.rpc,
                http: addresses.http,
                inspect: addresses.inspect,
            };
            let sockets: Vec<_> = sockets.iter().map(AsFd::as_fd).collect();
            channel.send(&hello, &[], &sockets, READY)
        });
        let sent = sent.await;
        self.expect("get ready", READY, |message| matches!(message, Message::Ready)).await?;
        sent
    }

    /// Stands still, passes everything on, and lets go. What fails before the last word is
    /// undone, the new process first.
    async fn hand_over(&mut self, offer: &Offer) -> Result<(), HandOverError> {
        offer.node.set_left(true);
        let passed = self.pass(offer).await;
        if passed.is_err() {
            self.kill().await;
            offer.node.set_left(false);
            offer.passage.resume();
        }
        passed
    }

    async fn pass(&mut self, offer: &Offer) -> Result<(), HandOverError> {
        let began = Instant::now();
        let connections = offer.passage.halt(IDLE).await.map_err(|error| match error {
            HaltError::Busy => HandOverError::Busy(IDLE),
            HaltError::Socket(error) => HandOverError::Channel(error),
        })?;
        let halted = began.elapsed();
        let journals = offer.node.loaded();
        let all_still = timeout(IDLE, hold_still(&journals)).await;
        let mut still = all_still.map_err(|_| HandOverError::Busy(IDLE))?;
        let passed = pass_all(&journals, &mut still)?;
        let counts = format!("{} connections, {} journals", connections.len(), passed.len());
        if let Err(error) = self.let_go(passed, connections).await {
            // No journal moves on before nobody else can.
            self.kill().await;
            return Err(error);
        }
        still.into_iter().for_each(Still::leave);
        offer.passage.leave();
        info!(
            "handed over to process {}: {counts}; nothing was answered for {:?}, of which \
             {halted:?} for calls in flight",
            self.child.id(),
            began.elapsed(),
        );
        Ok(())
    }

    async fn let_go(
        &self,
        journals: Vec<PassedJournal>,
        connections: Vec<PassedConnection>,
    ) -> Result<(), HandOverError> {
        let deadline = Instant::now() + VERIFIED;
        let send = move |channel: &Channel| send_all(channel, &journals, &connections, deadline);
        let sent = self.with_channel(send).await;
        let limit = deadline.saturating_duration_since(Instant::now()).max(POLL);
        self.expect("verify", limit, |message| matches!(message, Message::Verified)).await?;
        sent?;
        self.with_channel(|channel| channel.say(&Message::Go, VERIFIED)).await
    }

    /// Waits for an answer. Who ends before it has heard all may have said why: so this comes
    /// before the question whether everything could be sent.
    async fn expect(
        &self,
        step: &'static str,
        limit: Duration,
        is_expected: fn(&Message) -> bool,
    ) -> Result<(), HandOverError> {
        let received = self.with_channel(move |channel| channel.receive(Some(limit))).await;
        match received {
            Ok(Parcel { message, .. }) if is_expected(&message) => Ok(()),
            Ok(Parcel { message: Message::Refused(why), .. }) => Err(HandOverError::Refused(why)),
            Ok(Parcel { message, .. }) => Err(HandOverError::Language(format!("{message:?}"))),
            Err(HandOverError::Channel(source)) => {
                Err(HandOverError::Silent { step, limit, source })
            }
            Err(error) => Err(error),
        }
    }

    /// Runs a step that blocks.
    async fn with_channel<T: Send + 'static>(
        &self,
        step: impl FnOnce(&Channel) -> io::Result<T> + Send + 'static,
    ) -> Result<T, HandOverError> {
        let channel = Arc::clone(&self.channel);
        let done = spawn_blocking(move || step(&channel));
        Ok(done.await.map_err(io::Error::other)??)
    }

    /// Before this process goes on, nobody else may. One that hangs in the kernel does not come
    /// back from there alive: it is not waited for, and hears nothing that it could mistake.
    async fn kill(&mut self) {
        if std::mem::replace(&mut self.killed, true) {
            return;
        }
        let _ = self.child.kill();
        let deadline = Instant::now() + KILLED;
        loop {
            match self.child.try_wait() {
                Ok(None) if Instant::now() < deadline => sleep(POLL).await,
                Ok(Some(_)) => return,
                Ok(None) | Err(_) => break,
            }
        }
        warn!("process {} was killed and is still there", self.child.id());
        std::mem::forget(Arc::clone(&self.channel));
    }
}

async fn hold_still(journals: &[Arc<Journal>]) -> Vec<Still<'_>> {
    let mut still = Vec::new();
    for journal in journals {
        still.push(journal.hold_still().await);
    }
    still
}

fn pass_all(
    journals: &[Arc<Journal>],
    still: &mut [Still<'_>],
) -> Result<Vec<PassedJournal>, HandOverError> {
    let mut passed = Vec::new();
    for (journal, still) in journals.iter().zip(still) {
        let failed = |source| HandOverError::Journal { id: journal.id().clone(), source };
        passed.extend(still.pass().map_err(failed)?);
    }
    Ok(passed)
}

fn send_all(
    channel: &Channel,
    journals: &[PassedJournal],
    connections: &[PassedConnection],
    deadline: Instant,
) -> io::Result<()> {
    for journal in journals {
        let message = Message::Journal(WireJournal::of(journal));
        channel.send(&message, &[], &[journal.lock.as_fd()], left(deadline)?)?;
    }
    for PassedConnection { stream, carried } in connections {
        let message = Message::Connection(WireConnection::of(carried));
        channel.send(&message, &carried.undecoded, &[stream.as_fd()], left(deadline)?)?;
    }
    channel.say(&Message::End, left(deadline)?)
}

/// Who waits for an answer waits for all of it together.
fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero());
    left.ok_or_else(|| io::ErrorKind::TimedOut.into())
}
