use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use journalnode::storage::disk::Disk;
use journalnode::storage::disk::faulty::FaultyDisk;
use turmoil::{Builder, Sim};

use super::watch::Watch;
use crate::history::History;
use crate::hosts::{self, Clock, EDITS, Host, NODES, Node, ROOT, WriterHost, set_wall_clock_jump};
use crate::nemesis::{Event, Loss, Schedule, USUAL_LATENCY};
use crate::seed::Seed;
use crate::{Options, panics, replica};

/// How far time goes in one step. Messages arrive at the begin of a step.
const STEP: Duration = Duration::from_millis(5);
/// How often the nodes are looked at, in steps.
const LOOK_STEPS: u64 = 10;
/// Longest time the journal may take to be formatted.
const FORMAT_PATIENCE: Duration = Duration::from_secs(10);
/// Segments that the last writer must finish.
const LAST_SEGMENTS: usize = 3;
const ROOM_BYTES: u64 = 1 << 40;
/// 2025: when all simulations begin.
const EPOCH: Duration = Duration::from_secs(1_735_689_600);

/// Everything that is simulated, between two steps.
pub(super) struct Cluster<'a> {
    sim: Sim<'a>,
    options: Options,
    history: History,
    seed: Seed,
    number: u64,
    nodes: Vec<Rc<Node>>,
    /// What a node is to lose in the middle of an operation.
    planned: Vec<Loss>,
    watches: Vec<Watch>,
    writers: Vec<Rc<WriterHost>>,
    reader_clock: Clock,
    schedule: Schedule,
    faults: usize,
    steps: u64,
}

impl<'a> Cluster<'a> {
    pub(super) fn new(
        number: u64,
        options: Options,
        history: History,
        disks: &[FaultyDisk],
    ) -> Self {
        let mut seed = Seed::new(number, 2);
        set_wall_clock_jump(Duration::ZERO);
        let mut cluster = Self {
            sim: network(&mut seed),
            options,
            history: history.clone(),
            number,
            nodes: Vec::new(),
            planned: vec![Loss::Process; NODES],
            watches: (0..NODES).map(|_| Watch::default()).collect(),
            writers: Vec::new(),
            reader_clock: Clock::default(),
            schedule: Schedule::new(&mut Seed::new(number, 3), 1, Duration::ZERO),
            faults: 0,
            steps: 0,
            seed,
        };
        cluster.add_nodes(disks);
        cluster
    }

    fn add_nodes(&mut self, disks: &[FaultyDisk]) {
        let sync_on_write = self.seed.percent(20);
        let cache_bytes = [None, Some(16 << 10), Some(1 << 20)][self.seed.index(3)];
        for (index, disk) in disks.iter().enumerate() {
            // Before anything is planned for the disk, and without a crash: it works.
            let _ = disk.create_dir_all(Path::new(EDITS));
            let node = Rc::new(Node::new(index, disk.clone(), sync_on_write, cache_bytes));
            self.nodes.push(Rc::clone(&node));
            self.sim.host(Host::Node(index).address(), move || Rc::clone(&node).serve());
        }
    }

    /// Formats the journal, and starts who writes and reads.
    pub(super) fn format(&mut self) -> bool {
        self.sim.client(Host::Operator.address(), hosts::format());
        while !self.step() {
            if self.sim.elapsed() > FORMAT_PATIENCE {
                return false;
            }
        }
        for index in 0..self.seed.within(2, 4) as usize {
            let (host, stream) = (Host::Writer(index), 10 + index as u64);
            let seed = Seed::new(self.number, stream);
            let writer = Rc::new(WriterHost::new(host, index, seed, self.history.clone()));
            self.writers.push(Rc::clone(&writer));
            self.sim.host(host.address(), move || {
                let writer = Rc::clone(&writer);
                async move { writer.compete().await }
            });
        }
        let (history, clock) = (self.history.clone(), self.reader_clock.clone());
        self.sim.host(Host::Reader.address(), move || {
            let (history, clock) = (history.clone(), clock.clone());
            async move {
                tokio::select! {
                    biased;
                    ended = hosts::tail(history) => ended,
                    () = clock.follow() => Ok(()),
                }
            }
        });
        true
    }

    /// Lets faults happen. Whether all that was seen holds.
    pub(super) fn safety_phase(&mut self) -> bool {
        let end = self.sim.elapsed() + self.options.safety;
        let mut choice = Seed::new(self.number, 4);
        self.schedule = Schedule::new(&mut choice, self.writers.len(), end);
        while self.sim.elapsed() < end {
            while let Some(event) = self.schedule.due(self.sim.elapsed()) {
                self.perform(&event);
            }
            self.step();
            self.take_down_who_lost_power();
            if !self.holds() {
                return false;
            }
        }
        true
    }

    /// Ends every fault, and starts what is down or, as an operator would, out of service.
    pub(super) fn heal(&mut self) {
        self.history.note("all is healed");
        let hosts = self.hosts();
        for (index, one) in hosts.iter().enumerate() {
            for other in &hosts[index + 1..] {
                self.sim.release(one.address(), other.address());
            }
        }
        self.sim.set_max_message_latency(USUAL_LATENCY);
        for writer in 0..self.writers.len() {
            self.sim.crash(Host::Writer(writer).address());
        }
        for index in 0..NODES {
            let node = Rc::clone(&self.nodes[index]);
            node.disk.set_free_space_bytes(ROOM_BYTES);
            node.disk.crash_at(u64::MAX);
            node.disk.fail_at(u64::MAX);
            let broken = node.status().is_some_and(|status| status.out_of_service.is_some());
            if broken {
                self.down(index, Loss::Process);
            }
            self.up(Host::Node(index));
        }
    }

    /// A fresh writer must get on.
    pub(super) fn last_writer(&mut self) -> Result<(), String> {
        let host = Host::LastWriter;
        let seed = Seed::new(self.number, 5);
        let writer = WriterHost::new(host, self.writers.len(), seed, self.history.clone());
        self.sim.client(host.address(), hosts::write_on(writer, LAST_SEGMENTS));
        let end = self.sim.elapsed() + self.options.patience;
        while self.sim.elapsed() < end {
            let done = self.step();
            if !self.holds() {
                return Err("what must hold does not".to_owned());
            }
            if done {
                return Ok(());
            }
        }
        Err(format!("a new writer did not get on within {:?}", self.options.patience))
    }

    /// All replicas must become the same.
    pub(super) fn converge(&mut self) -> Result<(), String> {
        let end = self.sim.elapsed() + self.options.patience;
        while self.sim.elapsed() < end {
            for _ in 0..LOOK_STEPS * 4 {
                self.step();
            }
            let segments: Vec<_> =
                self.nodes.iter().map(|node| replica::names(&node.disk)).collect();
            if segments.windows(2).all(|pair| pair[0] == pair[1]) {
                return Ok(());
            }
        }
        let names = self.nodes.iter().map(|node| replica::names(&node.disk));
        let names: Vec<_> = names.collect();
        Err(format!("replicas still differ after {:?}: {names:?}", self.options.patience))
    }

    pub(super) fn faults(&self) -> usize {
        self.faults
    }

    /// One step of time. Whether all clients are done.
    fn step(&mut self) -> bool {
        let done = match self.sim.step() {
            Ok(done) => done,
            Err(error) => {
                self.history.note(&format!("a host ended: {error}"));
                false
            }
        };
        self.steps += 1;
        self.history.set_now(self.sim.elapsed());
        if self.steps.is_multiple_of(LOOK_STEPS) {
            self.look();
        }
        done
    }

    fn look(&mut self) {
        let known = self.history.with(|told| told.ledger.committed());
        for (node, watch) in self.nodes.iter().zip(&mut self.watches) {
            let violations = watch.look(node, known);
            self.history.with(|told| told.report(violations));
        }
    }

    fn holds(&self) -> bool {
        if let Some(panic) = panics::take() {
            let violation = crate::Violation::new(super::NO_PANIC, panic);
            self.history.with(|told| told.report([violation]));
        }
        self.history.with(|told| told.violations.is_empty())
    }

    fn hosts(&self) -> Vec<Host> {
        let writers = (0..self.writers.len()).map(Host::Writer);
        (0..NODES).map(Host::Node).chain(writers).chain([Host::Reader]).collect()
    }

    fn perform(&mut self, event: &Event) {
        let operations: Vec<u64> = self.nodes.iter().map(|node| node.disk.operations()).collect();
        self.history.note(&format!("* {event} (disk operations {operations:?})"));
        self.faults += 1;
        match *event {
            Event::Down(node, loss) => self.down(node, loss),
            Event::DownAt(node, loss, after) => {
                self.planned[node] = loss;
                self.nodes[node].disk.crash_at(operations[node] + 1 + after);
            }
            Event::Up(host) => self.up(host),
            Event::FailOperation(node, after) => {
                self.nodes[node].disk.fail_at(operations[node] + 1 + after);
            }
            Event::FillDisk(node, left) => self.nodes[node].disk.set_free_space_bytes(left),
            Event::EmptyDisk(node) => self.nodes[node].disk.set_free_space_bytes(ROOM_BYTES),
            Event::Wipe(node) => self.wipe(node),
            Event::WriterDown(writer) => self.sim.crash(Host::Writer(writer).address()),
            Event::Partition(a, b) => self.sim.partition(a.address(), b.address()),
            Event::PartitionOneway(from, to) => {
                self.sim.partition_oneway(from.address(), to.address());
            }
            Event::Hold(a, b) => self.sim.hold(a.address(), b.address()),
            Event::Release(a, b) => self.sim.release(a.address(), b.address()),
            Event::JumpClock(host, by) => self.jump_clock(host, by),
            Event::JumpWallClock(ahead) => set_wall_clock_jump(ahead),
            Event::Latency(most) => self.sim.set_max_message_latency(most),
        }
    }

    fn down(&mut self, node: usize, loss: Loss) {
        // First of all: what ends in order would clean up behind itself.
        self.nodes[node].disk.turn_off();
        self.sim.crash(Host::Node(node).address());
        match loss {
            Loss::Power => self.nodes[node].disk.crash(),
            Loss::Process => self.nodes[node].disk.kill(),
        }
        let back = self.sim.elapsed() + self.seed.millis(20, 4000);
        self.schedule.at(back, Event::Up(Host::Node(node)));
    }

    fn up(&mut self, host: Host) {
        if !self.sim.is_host_running(host.address()) {
            self.sim.bounce(host.address());
        }
    }

    fn take_down_who_lost_power(&mut self) {
        for node in 0..NODES {
            if self.nodes[node].disk.is_off() {
                let loss = self.planned[node];
                self.history.note(&format!("* {}", Event::Down(node, loss)));
                self.down(node, loss);
            }
        }
    }

    /// One disk at a time may be lost: of a blank node's promises the others have the witness.
    fn wipe(&mut self, node: usize) {
        let formatted = |other: usize| replica::is_formatted(&self.nodes[other].disk);
        if !(0..NODES).all(formatted) {
            return self.history.note("another node is blank, nothing is replaced");
        }
        self.down(node, Loss::Process);
        let disk = &self.nodes[node].disk;
        let removed = disk.remove_dir_all(Path::new(ROOT));
        let synced = disk.sync_dir(Path::new(EDITS));
        if let Err(error) = removed.and(synced) {
            self.history.note(&format!("not replaced: {error}"));
        }
        self.watches[node] = Watch::default();
    }

    /// A blank node waits by its clock until no writer counts its old answers: that clock keeps
    /// time, as a machine's monotonic clock does.
    fn jump_clock(&mut self, host: Host, by: Duration) {
        match host {
            Host::Node(index) if replica::is_formatted(&self.nodes[index].disk) => {
                self.nodes[index].clock.jump(by);
            }
            Host::Writer(index) => self.writers[index].clock.jump(by),
            Host::Reader => self.reader_clock.jump(by),
            _ => {}
        }
    }
}

fn network<'a>(seed: &mut Seed) -> Sim<'a> {
    let mut builder = Builder::new();
    builder
        .rng_seed(seed.within(0, u64::MAX))
        .epoch(SystemTime::UNIX_EPOCH + EPOCH)
        .tick_duration(STEP)
        .simulation_duration(Duration::from_secs(24 * 3600))
        .min_message_latency(Duration::ZERO)
        .max_message_latency(USUAL_LATENCY)
        .tcp_capacity(4096)
        .enable_random_order();
    builder.build()
}
