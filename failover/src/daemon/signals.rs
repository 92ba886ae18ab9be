use std::io;

use tokio::signal::unix::{SignalKind, signal};

use super::Exit;

/// Takes SIGTERM, SIGINT, SIGHUP and SIGUSR2 from now on; the future waits for one of them. Whoever is
/// told that the daemon is ready may stop it at once, so this comes first.
pub fn stop_signal() -> io::Result<impl Future<Output = Exit>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut replace = signal(SignalKind::user_defined2())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => Exit::Terminated,
            _ = interrupt.recv() => Exit::Interrupted,
            _ = hang_up.recv() => Exit::HungUp,
            _ = replace.recv() => Exit::Replaced,
        }
    })
}
