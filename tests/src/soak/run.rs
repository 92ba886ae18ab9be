use std::collections::BTreeMap;
use std::net::SocketAddrV4;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::{Figure, Report, Series, Usage};
use crate::chaos::{Applied, Checker, Clients, Operation, Replica, Totals, Writing, impatient};
use crate::ha::{NAMENODES, QUORUM, UserHosts, UserProcess};
use crate::hadoop::{Site, jmx_bean};
use crate::process::wait_until;

const HTTP_PORT: u16 = 8480;
const BEAN: &str = "Hadoop:service=JournalNode,name=Journal-nsd1907";
/// Operations that must be acknowledged before the first look, and after each failover.
const SOME: u64 = 60;
const SAMPLE_INTERVAL: Duration = Duration::from_secs(2);
/// From one failover to the next. They are asked for and unasked for in turn.
const FAILOVER_INTERVAL: Duration = Duration::from_secs(45);
/// Within this there must be one active and one standby NameNode again.
const CONVERGENCE_LIMIT: Duration = Duration::from_secs(120);

/// The cluster, its clients, and what was seen so far.
#[derive(Debug)]
pub struct Run {
    hosts: UserHosts,
    clients: Clients,
    begun: Instant,
    figures: BTreeMap<(String, Figure), Series>,
    report: Report,
}

impl Run {
    /// Keeps a cluster under `root` busy for that long, and says what came of it. An error is a
    /// cluster that did not go on.
    pub fn soak(root: &Path, length: Duration) -> Result<Report> {
        let hosts = UserHosts::bring_up(root, &purging())?;
        let clients = Clients::start(hosts.client(), root)?;
        clients.await_more(SOME)?;
        let (figures, report, begun) = (BTreeMap::new(), Report::default(), Instant::now());
        let mut run = Self { hosts, clients, begun, figures, report };
        run.keep_busy(length)?;
        run.conclude()?;
        Ok(run.report)
    }

    fn keep_busy(&mut self, length: Duration) -> Result<()> {
        let (mut next_sample, mut next_failover) = (Duration::ZERO, FAILOVER_INTERVAL);
        while self.begun.elapsed() < length {
            if self.begun.elapsed() >= next_sample {
                self.sample()?;
                next_sample = self.begun.elapsed() + SAMPLE_INTERVAL;
            }
            if self.begun.elapsed() >= next_failover && next_failover < length {
                self.fail_over()?;
                next_failover += FAILOVER_INTERVAL;
            }
            sleep(Duration::from_millis(100));
        }
        self.report.minutes = self.begun.elapsed().as_secs_f64() / 60.0;
        Ok(())
    }

    fn sample(&mut self) -> Result<()> {
        for node in QUORUM {
            self.sample_process(node, UserProcess::JournalNode)?;
            let host = self.hosts.lab.host(node)?;
            let address = SocketAddrV4::new(host.address().parse()?, HTTP_PORT);
            let bean = host.inside(|| jmx_bean(address, BEAN))?;
            let lag = bean["CurrentLagTxns"].as_u64().context("no CurrentLagTxns")?;
            let segments = self.hosts.journal_dir(node)?.finalized()?.len().try_into()?;
            let daemon = format!("{} {node}", UserProcess::JournalNode);
            self.note(&daemon, Figure::LagTxns, lag);
            self.note(&daemon, Figure::Segments, segments);
        }
        NAMENODES
            .into_iter()
            .try_for_each(|it| self.sample_process(it, UserProcess::Controller))?;
        self.report.samples += 1;
        Ok(())
    }

    fn sample_process(&mut self, host: &str, process: UserProcess) -> Result<()> {
        let pid = self.hosts.pid(host, process)?;
        let pid = pid.with_context(|| format!("{process} of {host} has ended"))?;
        for (figure, value) in Figure::of_process(Usage::of(pid)?) {
            self.note(&format!("{process} {host}"), figure, value);
        }
        Ok(())
    }

    fn note(&mut self, daemon: &str, figure: Figure, value: u64) {
        let at_s = self.begun.elapsed().as_secs_f64();
        // What is counted here is far from where a double is not exact.
        let value = u32::try_from(value).map_or(f64::MAX, f64::from);
        self.figures.entry((daemon.to_owned(), figure)).or_default().add(at_s, value);
    }

    fn fail_over(&mut self) -> Result<()> {
        let active = self.hosts.active().context("no NameNode is active")?;
        let (from, to) = if active == NAMENODES[0] { ("nn1", "nn2") } else { ("nn2", "nn1") };
        if self.report.failovers_planned <= self.report.failovers_unplanned {
            self.hosts.client().haadmin(&["-failover", from, to])?;
            self.report.failovers_planned += 1;
        } else {
            self.hosts.kill(active, UserProcess::NameNode)?;
            self.hosts.start(active, UserProcess::NameNode)?;
            self.report.failovers_unplanned += 1;
        }
        let other = if active == NAMENODES[0] { NAMENODES[1] } else { NAMENODES[0] };
        let acknowledged = self.converge(other)?;
        let at_s = self.begun.elapsed().as_secs();
        let (planned, not) = (self.report.failovers_planned, self.report.failovers_unplanned);
        println!(
            "{at_s:>6} s  {other} is active; {planned} planned, {not} other failovers; {acknowledged} acknowledged"
        );
        Ok(())
    }

    /// Waits until the other NameNode is active and the first one standby, and clients write. What a
    /// fence has ended is started again; what our daemons take is looked at meanwhile.
    fn converge(&mut self, active: &str) -> Result<usize> {
        let deadline = Instant::now() + CONVERGENCE_LIMIT;
        while self.hosts.settled().ok().flatten() != Some(active) {
            ensure!(
                Instant::now() < deadline,
                "{active} is not active within {CONVERGENCE_LIMIT:?}"
            );
            for name in NAMENODES {
                if !self.hosts.is_running(name, UserProcess::NameNode)? {
                    self.hosts.start(name, UserProcess::NameNode)?;
                }
            }
            self.sample()?;
            sleep(SAMPLE_INTERVAL);
        }
        self.clients.await_more(SOME)?;
        Ok(usize::try_from(self.clients.acknowledged()?)?)
    }

    fn conclude(&mut self) -> Result<()> {
        self.clients.stop()?;
        let active = self.hosts.active().context("no NameNode is active at the end")?;
        let uri = format!("hdfs://{active}:8020");
        self.hosts.client().dfsadmin(&["-fs", &uri, "-rollEdits"])?;
        self.await_lag_gone()?;
        self.hosts.await_equal_segments()?;
        let replicas = Replica::of_all(&self.hosts)?;
        let history = self.clients.history()?;
        self.check(&history, &replicas)?;
        self.report.add_figures(&self.figures);
        Ok(())
    }

    /// Purged transactions are no longer in the journals: those are looked for in the file system.
    fn check(&mut self, history: &[Operation], replicas: &[Replica]) -> Result<()> {
        let mut found = Checker::listing(history, &self.clients.held()?);
        found.extend(Checker::replicas(replicas));
        found.extend(Checker::twice(history, &Applied::of(&replicas[0], Clients::FOLDER)));
        found.extend(Checker::writers(&Writing::of_all(&self.hosts)?));
        let mut totals = Totals::default();
        totals.count(history);
        let report = &mut self.report;
        report.faults.extend(found.iter().map(ToString::to_string));
        (report.acknowledged, report.unknown) = (totals.acknowledged, totals.unknown);
        report.longest_pause_ms = totals.longest_pause_ms;
        let segments = &replicas[0].segments;
        report.first_txid = segments.first().map_or(0, |segment| segment.0);
        report.last_txid = segments.last().map_or(0, |segment| segment.1);
        Ok(())
    }

    fn await_lag_gone(&self) -> Result<()> {
        for node in QUORUM {
            let host = self.hosts.lab.host(node)?;
            let address = SocketAddrV4::new(host.address().parse()?, HTTP_PORT);
            wait_until(&format!("{node} to have caught up"), CONVERGENCE_LIMIT, || {
                let bean = host.inside(|| jmx_bean(address, BEAN))?;
                Ok((bean["CurrentLagTxns"].as_u64() == Some(0)).then_some(()))
            })?;
        }
        Ok(())
    }
}

/// Checkpoints and purges of hours within a minute.
fn purging() -> Site {
    let mut site = impatient();
    site.set("dfs.namenode.checkpoint.period", 30)
        .set("dfs.namenode.checkpoint.check.period", 5)
        .set("dfs.namenode.num.extra.edits.retained", 2000)
        .set("dfs.namenode.max.extra.edits.segments.retained", 4);
    site
}
