use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Exit;

/// Takes SIGTERM and SIGINT from now on; the future waits for one of them. Whoever is told
/// that the daemon is ready may stop it at once, so this comes first.
pub fn stop_signal() -> io::Result<impl Future<Output = Exit>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => Exit::Terminated,
            _ = interrupt.recv() => Exit::Interrupted,
        }
    })
}

/// Requests to hand over to a new process: SIGUSR2.
#[derive(Debug)]
pub struct Requests(Signal);

impl Requests {
    /// Takes the signal from now on. Before, and in versions that do not know it, it ends the
    /// process: so this comes first of all.
    pub fn listen() -> io::Result<Self> {
        Ok(Self(signal(SignalKind::user_defined2())?))
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}
