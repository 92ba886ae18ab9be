use std::collections::BTreeMap;
use std::fs::File;
use std::io::ErrorKind;
use std::ops::Range;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nfq::{Message, Queue, Verdict};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use super::LabHost;

/// The netfilter queue that holds what a host sends.
pub(super) const QUEUE: u16 = 7;
/// Packets that may be on their way at once; more are lost, as on a real link.
const ON_THE_WAY: u32 = 20_000;
/// Between two looks at what has arrived and what is due.
const TICK: Duration = Duration::from_millis(1);

/// Every packet that a host sends waits for a time of its own before it leaves: it is late, and some
/// overtake others. Ends when it is dropped; what still waits leaves then.
#[derive(Debug)]
pub struct SlowLink {
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl SlowLink {
    /// Ready to hold what is put into the host's queue; nothing is yet.
    pub(super) fn of(host: &LabHost, delay_ms: Range<u64>, seed: u64) -> Result<Self> {
        let ended = Arc::new(AtomicBool::new(false));
        let (until, namespace) = (ended.clone(), host.namespace.clone());
        let (opened, ready) = sync_channel(1);
        // Only this thread is in the host's network.
        let thread = spawn(move || {
            let queue = open(&namespace);
            let waiting = queue.map(|queue| Waiting::new(queue, delay_ms, seed));
            let (queue, said) = match waiting {
                Ok(waiting) => (Some(waiting), Ok(())),
                Err(error) => (None, Err(error)),
            };
            let _ = opened.send(said);
            if let Some(mut waiting) = queue
                && let Err(error) = waiting.carry(&until)
            {
                eprintln!("slow link of {namespace}: {error:#}");
            }
        });
        ready.recv().context("the link's thread ended")??;
        Ok(Self { ended, thread: Some(thread) })
    }
}

impl Drop for SlowLink {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It has said what went wrong.
            let _ = thread.join();
        }
    }
}

fn open(namespace: &str) -> Result<Queue> {
    let space = File::open(format!("/var/run/netns/{namespace}"))?;
    move_into_link_name_space(space.as_fd(), Some(LinkNameSpaceType::Network))?;
    let mut queue =
        Queue::open().context("netfilter queues need CONFIG_NETFILTER_NETLINK_QUEUE")?;
    queue.bind(QUEUE)?;
    queue.set_copy_range(QUEUE, 0)?;
    queue.set_queue_max_len(QUEUE, ON_THE_WAY)?;
    queue.set_recv_enobufs(false)?;
    queue.set_nonblocking(true);
    Ok(queue)
}

/// Packets in the order in which they are due; two of one moment in that of their arrival.
struct Waiting {
    queue: Queue,
    packets: BTreeMap<(Instant, u64), Message>,
    count: u64,
    delay_ms: Range<u64>,
    rng: ChaCha8Rng,
}

impl Waiting {
    fn new(queue: Queue, delay_ms: Range<u64>, seed: u64) -> Self {
        let rng = ChaCha8Rng::seed_from_u64(seed);
        Self { queue, packets: BTreeMap::new(), count: 0, delay_ms, rng }
    }

    fn carry(&mut self, ended: &AtomicBool) -> Result<()> {
        while !ended.load(Ordering::Relaxed) {
            self.take_in()?;
            self.let_go(Some(Instant::now()))?;
            sleep(TICK);
        }
        self.take_in()?;
        self.let_go(None)
    }

    fn take_in(&mut self) -> Result<()> {
        loop {
            match self.queue.recv() {
                Ok(packet) => {
                    let delay = Duration::from_millis(self.rng.random_range(self.delay_ms.clone()));
                    self.count += 1;
                    self.packets.insert((Instant::now() + delay, self.count), packet);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error).context("take a packet"),
            }
        }
    }

    /// All that are due by then, or all.
    fn let_go(&mut self, due: Option<Instant>) -> Result<()> {
        while let Some(first) = self.packets.first_entry() {
            if due.is_some_and(|due| first.key().0 > due) {
                break;
            }
            let mut packet = first.remove();
            packet.set_verdict(Verdict::Accept);
            self.queue.verdict(packet).context("let a packet go")?;
        }
        Ok(())
    }
}
