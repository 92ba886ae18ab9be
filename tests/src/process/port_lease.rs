use std::fs::{self, File, OpenOptions};
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::ops::Range;

use anyhow::{Context, Result, bail};
use rustix::fs::{FlockOperation, flock};

/// Below the kernel's ephemeral range, so that no outgoing connection takes a leased port.
const PORTS: Range<u16> = 20_000..30_000;

/// A loopback port that no other test, in this process or another, is given while the lease lives.
///
/// Binding port 0 and letting go again would leave a gap in which a parallel test gets the same number;
/// a daemon that is killed and started again must find its port free.
#[derive(Debug)]
pub struct PortLease {
    port: u16,
    _locked: File,
}

impl PortLease {
    /// Takes any free port.
    pub fn take() -> Result<Self> {
        let folder = std::env::temp_dir().join("hdfs-ha-quorum-ports");
        fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
        let count = PORTS.len() as u32;
        let start = std::process::id().wrapping_mul(97) % count;
        for step in 0..count {
            let port = PORTS.start + ((start + step) % count) as u16;
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(folder.join(port.to_string()))?;
            if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() && is_free(port) {
                return Ok(Self { port, _locked: file });
            }
        }
        bail!("no free port in {PORTS:?}")
    }

    /// The port number.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `127.0.0.1:port`.
    pub fn address(&self) -> SocketAddrV4 {
        SocketAddrV4::new(Ipv4Addr::LOCALHOST, self.port)
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_leases_differ() {
        let one = PortLease::take().unwrap();
        let two = PortLease::take().unwrap();
        assert_ne!(one.port(), two.port());
    }
}
