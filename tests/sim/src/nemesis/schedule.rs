use std::collections::BTreeMap;
use std::time::Duration;

use super::{Event, Loss};
use crate::hosts::{Host, NODES};
use crate::seed::Seed;

/// Bytes that a full disk has left at most: less than a new segment takes, or not even a batch.
const ALMOST_FULL_BYTES: u64 = 5 * 1024 * 1024;

/// What is to happen when. Fixed by the seed alone: nothing in it depends on the run.
#[derive(Debug)]
pub(crate) struct Schedule {
    events: BTreeMap<(Duration, u64), Event>,
    added: u64,
}

impl Schedule {
    /// Faults until `end`, as a seed chooses them: of many kinds or of few, often or rarely.
    pub(crate) fn new(seed: &mut Seed, writers: usize, end: Duration) -> Self {
        let mut schedule = Self { events: BTreeMap::new(), added: 0 };
        let pause_ms = [150, 400, 1000, 2500][seed.index(4)];
        let kinds: Vec<u64> = (0..KINDS).filter(|_| seed.percent(60)).collect();
        let mut at = seed.millis(500, 2000);
        while at < end && !kinds.is_empty() {
            let kind = kinds[seed.index(kinds.len())];
            schedule.fault(seed, kind, writers, at);
            at += seed.millis(pause_ms / 10, pause_ms * 2);
        }
        schedule
    }

    /// Adds an event.
    pub(crate) fn at(&mut self, at: Duration, event: Event) {
        self.added += 1;
        self.events.insert((at, self.added), event);
    }

    /// The next event that is due, if there is one.
    pub(crate) fn due(&mut self, now: Duration) -> Option<Event> {
        let (key, _) = self.events.first_key_value()?;
        if key.0 > now {
            return None;
        }
        self.events.pop_first().map(|(_, event)| event)
    }

    fn fault(&mut self, seed: &mut Seed, kind: u64, writers: usize, at: Duration) {
        let node = seed.index(NODES);
        let loss = if seed.percent(60) { Loss::Power } else { Loss::Process };
        let until = at + long_or_short(seed);
        match kind {
            0 => self.at(at, Event::Down(node, loss)),
            1 | 2 => self.at(at, Event::DownAt(node, loss, seed.within(0, 40))),
            3 => self.at(at, Event::FailOperation(node, seed.within(0, 25))),
            4 => {
                self.at(at, Event::FillDisk(node, seed.within(0, ALMOST_FULL_BYTES)));
                self.at(until, Event::EmptyDisk(node));
            }
            5 => {
                let writer = seed.index(writers);
                self.at(at, Event::WriterDown(writer));
                self.at(until, Event::Up(Host::Writer(writer)));
            }
            6..=8 => self.network(seed, kind, writers, at, until),
            9 => self.isolate(seed, writers, at, until),
            10 => {
                let host = any_host(seed, writers);
                self.at(at, Event::JumpClock(host, seed.millis(500, 30_000)));
            }
            11 => {
                let ahead = Duration::from_secs(seed.within(0, 400 * 24 * 3600));
                self.at(at, Event::JumpWallClock(ahead));
            }
            12 => {
                self.at(at, Event::Latency(seed.millis(50, 1500)));
                self.at(until, Event::Latency(USUAL_LATENCY));
            }
            _ => self.at(at, Event::Wipe(node)),
        }
    }

    fn network(
        &mut self,
        seed: &mut Seed,
        kind: u64,
        writers: usize,
        at: Duration,
        until: Duration,
    ) {
        let node = Host::Node(seed.index(NODES));
        let other = any_host(seed, writers);
        if node == other {
            return;
        }
        let (from, to) = if seed.percent(50) { (node, other) } else { (other, node) };
        let event = match kind {
            6 => Event::Partition(from, to),
            7 => Event::PartitionOneway(from, to),
            _ => Event::Hold(from, to),
        };
        self.at(at, event);
        self.at(until, Event::Release(from, to));
    }

    /// One host is cut off from all others.
    fn isolate(&mut self, seed: &mut Seed, writers: usize, at: Duration, until: Duration) {
        let one = any_host(seed, writers);
        for node in (0..NODES).map(Host::Node).filter(|node| *node != one) {
            self.at(at, Event::Partition(one, node));
            self.at(until, Event::Release(one, node));
        }
    }
}

/// How long messages take at most when nothing is wrong.
pub(crate) const USUAL_LATENCY: Duration = Duration::from_millis(50);
const KINDS: u64 = 14;

fn long_or_short(seed: &mut Seed) -> Duration {
    if seed.percent(30) { seed.millis(2000, 8000) } else { seed.millis(50, 2000) }
}

fn any_host(seed: &mut Seed, writers: usize) -> Host {
    let index = seed.index(NODES + writers + 1);
    match index {
        _ if index < NODES => Host::Node(index),
        _ if index < NODES + writers => Host::Writer(index - NODES),
        _ => Host::Reader,
    }
}
