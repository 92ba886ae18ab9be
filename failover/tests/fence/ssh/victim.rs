use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use super::wait_until;

/// A process that listens, ignores SIGTERM, and does nothing else. Killed when dropped.
#[derive(Debug)]
pub(crate) struct Victim {
    child: Child,
    pub(crate) port: u16,
}

const LISTEN: &str = "$SIG{TERM} = 'IGNORE'; $| = 1; \
    my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die $!; \
    print $s->sockport, \"\\n\"; sleep 1 while 1;";

impl Victim {
    pub(crate) fn start() -> Self {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--", "perl", "-MIO::Socket::INET", "-e", LISTEN]);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("setpriv and perl");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, port: line.trim().parse().unwrap() }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for its end; the signal that brought it.
    pub(crate) fn killed_by(&mut self) -> Option<i32> {
        use std::os::unix::process::ExitStatusExt;
        wait_until("the end of the victim", || self.child.try_wait().unwrap()).signal()
    }

    pub(crate) fn answers(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
