use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::Result;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rustix::process::Signal;

use super::{Fault, Jump, Network, Node, Role, Step};
use crate::ha::{HostClock, JournalDisk, NAMENODES, QUORUM, Restart, UserHosts, UserProcess};
use crate::process::wait_until;

/// A burst, or a pause between two.
const MOMENT_MS: std::ops::Range<u64> = 40..400;
const JUMP_SECONDS: i64 = 3600;
/// How long a JournalNode that was restarted is given to be in step again before the next one is; longer
/// than the NameNodes take to roll the log. It never is while an earlier fault keeps the writer away.
const IN_STEP_LIMIT: Duration = Duration::from_secs(25);
const NAMENODE: UserProcess = UserProcess::NameNode;
const CONTROLLER: UserProcess = UserProcess::Controller;
const JOURNALNODE: UserProcess = UserProcess::JournalNode;

/// Does to the hosts what the plan says, and undoes all of it.
#[derive(Debug, Default)]
pub struct Nemesis {
    /// Nodes whose journal's file system is full or broken.
    sick: Vec<&'static str>,
    /// Hosts whose clock is wrong.
    wrong_clocks: Vec<&'static str>,
    network: Network,
}

impl Nemesis {
    /// Does it, and returns once it was held for as long as it should. `active` is on which host.
    pub fn inflict(&mut self, hosts: &mut UserHosts, active: &str, step: Step) -> Result<()> {
        let begun = Instant::now();
        let hold = Duration::from_millis(step.hold_ms);
        let host =
            |role| NAMENODES[usize::from((role == Role::Active) != (active == NAMENODES[0]))];
        match step.fault {
            Fault::KillNameNode(role) => hosts.kill(host(role), NAMENODE)?,
            Fault::KillController(role) => hosts.kill(host(role), CONTROLLER)?,
            Fault::KillBoth(role) => {
                hosts.kill(host(role), NAMENODE)?;
                hosts.kill(host(role), CONTROLLER)?;
            }
            Fault::KillJournalNode(node) => hosts.kill(name(node), JOURNALNODE)?,
            Fault::KillAllButOne(node) => {
                let others = QUORUM.into_iter().filter(|other| *other != name(node));
                others.into_iter().try_for_each(|other| hosts.kill(other, JOURNALNODE))?;
            }
            Fault::FreezeNameNode(role) => hosts.signal(host(role), NAMENODE, Signal::STOP)?,
            Fault::FreezeController(role) => hosts.signal(host(role), CONTROLLER, Signal::STOP)?,
            Fault::FreezeJournalNode(node) => {
                hosts.signal(name(node), JOURNALNODE, Signal::STOP)?;
            }
            Fault::FillDisk(node) | Fault::DiskError(node) => {
                self.harm_disk(hosts, name(node), step.fault)?;
            }
            Fault::JumpClock(role, jump) => self.jump_clock(hosts, host(role), jump)?,
            Fault::JumpNodeClock(node, jump) => self.jump_clock(hosts, name(node), jump)?,
            Fault::Stutter(node) => stutter(hosts, name(node), step)?,
            Fault::RestartJournalNodes => restart_journalnodes(hosts)?,
            Fault::RestartControllers => restart_controllers(hosts)?,
            _ => self.network.harm(hosts, step, &host)?,
        }
        sleep(hold.saturating_sub(begun.elapsed()));
        Ok(())
    }

    fn harm_disk(&mut self, hosts: &mut UserHosts, node: &'static str, how: Fault) -> Result<()> {
        self.sick.push(node);
        let Some(process) = hosts.pid(node, JOURNALNODE)? else { return Ok(()) };
        match how {
            Fault::FillDisk(_) => JournalDisk::fill(process),
            _ => JournalDisk::abort(process),
        }
    }

    fn jump_clock(&mut self, hosts: &UserHosts, host: &'static str, jump: Jump) -> Result<()> {
        self.wrong_clocks.push(host);
        HostClock::of(hosts.lab.host(host)?).set(match jump {
            Jump::Forward => JUMP_SECONDS,
            Jump::Back => -JUMP_SECONDS,
        })
    }

    /// Undoes everything and starts all that is dead. Returns what was started.
    pub fn heal(&mut self, hosts: &mut UserHosts) -> Result<Vec<String>> {
        self.network.heal(hosts)?;
        for host in std::mem::take(&mut self.wrong_clocks) {
            HostClock::of(hosts.lab.host(host)?).set(0)?;
        }
        for (name, process) in everything() {
            hosts.signal(name, process, Signal::CONT)?;
        }
        for node in std::mem::take(&mut self.sick) {
            // What an operator does about a disk that failed, once it is sound again.
            hosts.kill(node, JOURNALNODE)?;
        }
        let mut started = Vec::new();
        for (name, process) in everything() {
            if !hosts.is_running(name, process)? {
                hosts.start(name, process)?;
                started.push(format!("{process} of {name}"));
            }
        }
        QUORUM.into_iter().try_for_each(|node| hosts.await_journalnode(node))?;
        Ok(started)
    }
}

pub(super) fn name(node: Node) -> &'static str {
    QUORUM[usize::from(node.0 - 1)]
}

/// Journals first: a NameNode that finds no majority of them ends.
fn everything() -> impl Iterator<Item = (&'static str, UserProcess)> {
    let on = |process| move |name| (name, process);
    let journals = QUORUM.into_iter().map(on(JOURNALNODE));
    let namenodes = NAMENODES.into_iter().map(on(NAMENODE));
    journals.chain(namenodes).chain(NAMENODES.into_iter().map(on(CONTROLLER)))
}

fn stutter(hosts: &mut UserHosts, node: &str, step: Step) -> Result<()> {
    moments(step, |stopped| {
        let signal = if stopped { Signal::STOP } else { Signal::CONT };
        hosts.signal(node, JOURNALNODE, signal)
    })
}

/// On and off, for as long as the step is held; off at the end.
pub(super) fn moments(step: Step, mut switch: impl FnMut(bool) -> Result<()>) -> Result<()> {
    let mut rng = ChaCha8Rng::seed_from_u64(step.seed);
    let mut left_ms = step.hold_ms;
    while left_ms > 0 {
        for on in [true, false] {
            let moment_ms = rng.random_range(MOMENT_MS).min(left_ms);
            switch(on)?;
            sleep(Duration::from_millis(moment_ms));
            left_ms -= moment_ms;
        }
    }
    switch(false)
}

/// One that hands over is in step all the time, and the next one's turn comes at once.
fn restart_journalnodes(hosts: &mut UserHosts) -> Result<()> {
    for node in QUORUM {
        // A frozen one ends when it wakes up.
        hosts.signal(node, JOURNALNODE, Signal::CONT)?;
        let how = hosts.restart(node, JOURNALNODE)?;
        hosts.await_listening(node)?;
        if how == Restart::Plain {
            let in_step = || Ok(hosts.is_ready(node)?.then_some(()));
            if wait_until("to be in step", IN_STEP_LIMIT, in_step).is_err() {
                println!("{node} is not in step after {IN_STEP_LIMIT:?}; the next one's turn");
            }
        }
    }
    Ok(())
}

fn restart_controllers(hosts: &mut UserHosts) -> Result<()> {
    for name in NAMENODES {
        hosts.signal(name, CONTROLLER, Signal::CONT)?;
        hosts.restart(name, CONTROLLER)?;
    }
    Ok(())
}
