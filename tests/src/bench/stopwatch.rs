use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use super::Marks;
use crate::ha::ElectorZnodes;

/// Time between two looks.
const LOOK_INTERVAL: Duration = Duration::from_millis(1);
/// Longer than Java's slowest failover, the one from a frozen NameNode.
const LIMIT: Duration = Duration::from_secs(180);
/// What a NameNode logs when it is told to be active.
const TOLD: &[u8] = b"Starting services required for active state";

/// Watches a failover from three sides: the lock in ZooKeeper, the log of the NameNode that takes
/// over, and the list of what a client got acknowledged.
pub struct Stopwatch {
    lock: JoinHandle<Result<Instant>>,
    log: File,
    acked: PathBuf,
}

impl Stopwatch {
    /// Looks at everything as it is before the fault.
    pub fn arm(znodes: ElectorZnodes, namenode_log: &Path, acked: &Path) -> Result<Self> {
        let mut log =
            File::open(namenode_log).with_context(|| format!("open {}", namenode_log.display()))?;
        log.seek(SeekFrom::End(0))?;
        let before = znodes.lock_session()?.context("nobody holds the lock")?;
        let lock = thread::spawn(move || {
            until("another session to hold the lock", || {
                Ok(znodes.lock_session()?.filter(|session| *session != before))
            })
        });
        Ok(Self { lock, log, acked: acked.to_owned() })
    }

    /// Waits for the end of the failover that `fault` brought about.
    pub fn read(mut self, fault: Instant) -> Result<Marks> {
        let mut seen = Vec::new();
        let told = until("the NameNode to be told", || {
            self.log.read_to_end(&mut seen)?;
            Ok(seen.windows(TOLD.len()).any(|part| part == TOLD).then_some(()))
        })?;
        let before = fs::metadata(&self.acked)?.len();
        let acknowledged = until("an acknowledged operation", || {
            Ok((fs::metadata(&self.acked)?.len() > before).then_some(()))
        })?;
        let lock = self.lock.join().map_err(|_| anyhow!("the lock's watcher died"))??;
        let since = |mark: Instant| mark.duration_since(fault);
        Ok(Marks { lock: since(lock), transition: since(told), acknowledged: since(acknowledged) })
    }
}

fn until<T>(what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<Instant> {
    let deadline = Instant::now() + LIMIT;
    loop {
        if look()?.is_some() {
            return Ok(Instant::now());
        }
        if Instant::now() > deadline {
            bail!("waited {LIMIT:?} for {what}");
        }
        thread::sleep(LOOK_INTERVAL);
    }
}
