use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use tracing::debug;

/// Whoever started this process, as far as it listens. Most do not: then nothing is said.
#[derive(Debug, Default)]
pub struct Supervisor {
    listener: Option<SocketAddr>,
}

impl Supervisor {
    /// As `NOTIFY_SOCKET` of this process names it.
    pub fn of_process() -> Self {
        let name = std::env::var_os("NOTIFY_SOCKET");
        Self { listener: name.and_then(|name| address(&name)) }
    }

    /// The one that listens there.
    #[cfg(test)]
    pub(super) fn at(path: &std::path::Path) -> Self {
        Self { listener: SocketAddr::from_pathname(path).ok() }
    }

    /// The daemon serves from now on.
    pub fn ready(&self) {
        self.tell("READY=1");
    }

    /// The daemon was told to stop, and does.
    pub fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    /// Another process is the service from now on. The one that says so may end.
    pub fn main_process(&self, pid: u32) {
        self.tell(&format!("MAINPID={pid}"));
    }

    /// The main loop turns. Answers whether there was room for it: one who does not read must
    /// not hold up the loop.
    pub(super) fn alive(&self) -> bool {
        let sent = self.send("WATCHDOG=1", true);
        !matches!(sent, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }

    fn tell(&self, what: &str) {
        if let Err(error) = self.send(what, false) {
            debug!("nobody was told {what}: {error}");
        }
    }

    fn send(&self, what: &str, at_once: bool) -> io::Result<()> {
        let Some(listener) = &self.listener else { return Ok(()) };
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(at_once)?;
        socket.send_to_addr(what.as_bytes(), listener)?;
        Ok(())
    }
}

/// A path, or a name in the abstract namespace behind an `@`.
fn address(name: &OsStr) -> Option<SocketAddr> {
    let address = match name.as_bytes() {
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name),
        [b'/', ..] => SocketAddr::from_pathname(name),
        _ => return None,
    };
    address.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(socket: &UnixDatagram) -> String {
        let mut message = [0; 64];
        let length = socket.recv(&mut message).unwrap();
        String::from_utf8(message[..length].to_vec()).unwrap()
    }

    #[test]
    fn a_path_and_an_abstract_name_are_heard() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let name = format!("hadoop-ipc-supervisor-{}", std::process::id());
        let abstract_name = SocketAddr::from_abstract_name(&name).unwrap();
        for (listener, named) in [
            (UnixDatagram::bind(&path).unwrap(), path.into_os_string()),
            (UnixDatagram::bind_addr(&abstract_name).unwrap(), format!("@{name}").into()),
        ] {
            let supervisor = Supervisor { listener: address(&named) };
            supervisor.ready();
            assert!(supervisor.alive());
            supervisor.main_process(7);
            supervisor.stopping();
            let all: Vec<_> = (0..4).map(|_| heard(&listener)).collect();
            assert_eq!(all, ["READY=1", "WATCHDOG=1", "MAINPID=7", "STOPPING=1"]);
        }
    }

    #[test]
    fn nobody_and_nonsense_are_told_nothing() {
        assert!(address(OsStr::new("")).is_none() && address(OsStr::new("relative")).is_none());
        assert!(Supervisor::default().alive());
        let gone = Supervisor::at(std::path::Path::new("/nonexistent/notify"));
        gone.ready();
        assert!(gone.alive());
    }

    #[test]
    fn one_who_does_not_read_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let listener = UnixDatagram::bind(&path).unwrap();
        let supervisor = Supervisor::at(&path);
        while supervisor.alive() {}
        assert_eq!(heard(&listener), "WATCHDOG=1");
        assert!(supervisor.alive(), "there is room again");
    }
}
