use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::impatient;
use super::{Applied, Checker, Clients, Event, Nemesis, Plan, Replica, Report, Step, Writing};
use crate::ha::{NAMENODES, QUORUM, UserHosts};
use crate::process::{built_binary, wait_until};

/// Operations that must be acknowledged before a fault, and after a round was healed.
const SOME: u64 = 60;
/// Within this, healed hosts must have one active and one standby NameNode again.
const CONVERGENCE_LIMIT: Duration = Duration::from_secs(180);

/// The cluster, the clients and the nemesis of one run.
#[derive(Debug)]
pub struct Run {
    hosts: UserHosts,
    clients: Clients,
    nemesis: Nemesis,
    begun: Instant,
    report: Report,
}

impl Run {
    /// Sets the cluster up under `root`, follows the plan, and says what came of it. An error is
    /// a cluster that could not be set up.
    pub fn follow(root: &Path, seed: u64, rounds: usize) -> Result<Report> {
        let mut run = Self::start(root, seed, rounds)?;
        let followed = run.rounds(&Plan::of(seed, rounds)).and_then(|()| run.conclude());
        run.report.stopped_by = followed.err().map(|error| format!("{error:#}"));
        if let Some(why) = run.report.stopped_by.clone() {
            run.say(0, &format!("stopped: {}", why.lines().next().unwrap_or_default()));
        }
        run.report.took_ms = run.at_ms();
        run.report.passed = run.report.violations.is_empty() && run.report.stopped_by.is_none();
        Ok(run.report)
    }

    fn start(root: &Path, seed: u64, rounds: usize) -> Result<Self> {
        let hosts = UserHosts::bring_up(root, &impatient())?;
        let clients = Clients::start(hosts.client(), root)?;
        clients.await_more(SOME)?;
        let (nemesis, report) = (Nemesis::default(), Report::new(seed, rounds));
        let mut run = Self { hosts, clients, nemesis, begun: Instant::now(), report };
        run.say(0, "nn1 is active, nn2 is standby, clients write");
        Ok(run)
    }

    fn rounds(&mut self, plan: &Plan) -> Result<()> {
        for (index, steps) in plan.rounds.iter().enumerate() {
            let round = index + 1;
            self.round(round, steps).with_context(|| format!("round {round}"))?;
            self.report.rounds_done = round;
            if !self.report.violations.is_empty() {
                bail!("round {round} found what must never be seen");
            }
        }
        Ok(())
    }

    fn round(&mut self, round: usize, steps: &[Step]) -> Result<()> {
        for step in steps {
            let active = self.hosts.active();
            let (fault, hold_ms) = (step.fault, step.hold_ms);
            let known = active.unwrap_or("nobody known");
            self.say(round, &format!("{fault} ({known} is active), for {hold_ms} ms"));
            self.nemesis.inflict(&mut self.hosts, active.unwrap_or(NAMENODES[0]), *step)?;
        }
        let started = self.nemesis.heal(&mut self.hosts)?;
        let started = if started.is_empty() { "nothing".to_owned() } else { started.join(", ") };
        self.say(round, &format!("healed; started again: {started}"));
        let active = self.converge()?;
        self.say(round, &format!("{active} is active, the other is standby, clients write"));
        let history = self.clients.history()?;
        let found = Checker::listing(&history, &self.clients.held()?);
        self.report.add(&found);
        self.report.totals.count(&history);
        let totals = &self.report.totals;
        let (acknowledged, unknown) = (totals.acknowledged, totals.unknown);
        let lost = found.len();
        self.say(round, &format!("{acknowledged} acknowledged, {unknown} unknown, {lost} lost"));
        Ok(())
    }

    /// Waits until one NameNode is active and the other standby, and clients write. A process
    /// that ends meanwhile, as a fenced NameNode does, is started again.
    fn converge(&mut self) -> Result<&'static str> {
        let active = wait_until("one active and one standby NameNode", CONVERGENCE_LIMIT, || {
            self.nemesis.heal(&mut self.hosts)?;
            self.hosts.settled()
        })?;
        self.clients.await_more(SOME)?;
        Ok(active)
    }

    fn conclude(&mut self) -> Result<()> {
        self.clients.stop()?;
        let active = self.hosts.active().context("no NameNode is active at the end")?;
        let uri = format!("hdfs://{active}:8020");
        self.hosts.client().dfsadmin(&["-fs", &uri, "-rollEdits"])?;
        self.hosts.await_equal_segments()?;
        let history = self.clients.history()?;
        let replicas = Replica::of_all(&self.hosts)?;
        let writings = Writing::of_all(&self.hosts)?;
        self.report.add(&Checker::listing(&history, &self.clients.held()?));
        self.report.add(&Checker::replicas(&replicas));
        self.report.add(&Checker::log(&history, &Applied::of(&replicas[0], Clients::FOLDER)));
        self.report.add(&Checker::writers(&writings));
        self.report.add(&Checker::written(&replicas, &writings));
        self.report.totals.count(&history);
        self.report.totals.count_log(&replicas[0]);
        self.report.totals.epochs = epochs(&writings);
        QUORUM.into_iter().try_for_each(|node| self.verify(node))?;
        self.say(0, "histories, logs, replicas and epochs are checked");
        Ok(())
    }

    /// `journalnode verify` finds no damage.
    fn verify(&self, node: &str) -> Result<()> {
        let mut command = Command::new(built_binary("journalnode")?);
        command.arg("verify").arg(self.hosts.journal_dir(node)?.root());
        let said = String::from_utf8(command.output()?.stdout)?;
        let verdict = said.lines().last().unwrap_or_default();
        let clean = verdict.contains("clean") && !said.contains("damage:");
        ensure!(clean, "journalnode verify on {node}: {said}");
        Ok(())
    }

    fn at_ms(&self) -> u64 {
        self.begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX)
    }

    fn say(&mut self, round: usize, what: &str) {
        let at_ms = self.at_ms();
        let (seconds, millis) = (at_ms / 1000, at_ms % 1000);
        let label = if round == 0 { String::new() } else { format!("round {round}") };
        println!("{seconds:>6}.{millis:03} s  {label:9}  {what}");
        self.report.timeline.push(Event { at_ms, round, what: what.to_owned() });
    }
}

fn epochs(writings: &[(String, Vec<Writing>)]) -> usize {
    let all = writings.iter().flat_map(|(_, writings)| writings);
    let epochs = all.filter_map(|writing| match writing {
        Writing::Epoch { epoch, .. } => Some(*epoch),
        Writing::Segment { .. } => None,
    });
    epochs.collect::<BTreeSet<_>>().len()
}
