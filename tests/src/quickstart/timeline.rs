use std::fmt;

use anyhow::{Context, Result, ensure};
use failover::ledger::FailoverRecord;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The steps of one failover, each with its time in milliseconds since the kill.
#[derive(Debug, PartialEq, Eq)]
pub struct Timeline {
    steps: Vec<(&'static str, u64)>,
}

impl Timeline {
    /// From what the new active's controller recorded. `log` is that of the old active's
    /// controller, and the times are in milliseconds since 1970, by the same clock.
    pub fn of(record: &FailoverRecord, log: &str, killed: u64, acked: &[u64]) -> Result<Self> {
        ensure!(record.outcome.is_activated(), "the failover failed: {:?}", record.outcome);
        let phases = &record.phases;
        let active = record.at_ms;
        let told = back(active, phases.transition_ms, "transition")?;
        let fenced = back(told, phases.breadcrumb_ms, "breadcrumb")?;
        let locked = back(fenced, phases.fence_ms, "fencing")?;
        // No NameNode could acknowledge anything between its end and this.
        let acked = acked.iter().copied().find(|at| *at >= told);
        let detected = detected_in(log, killed)?;
        let since = |at: u64| at.saturating_sub(killed);
        let steps = vec![
            ("the kill of the active NameNode", 0),
            ("its controller has noticed, and gives up the lock", detected),
            ("the standby's controller holds the lock", since(locked)),
            ("sshfence has made sure that the old active is gone", since(fenced)),
            ("the breadcrumb is written, the standby told to become active", since(told)),
            ("it is active", since(active)),
            (
                "a client's first write is acknowledged",
                since(acked.context("no operation was acknowledged after the failover")?),
            ),
        ];
        Ok(Self { steps })
    }
}

fn back(from: u64, phase: Option<u64>, name: &str) -> Result<u64> {
    let phase = phase.with_context(|| format!("the history has no time for the {name}"))?;
    from.checked_sub(phase).with_context(|| format!("a {name} of {phase} ms"))
}

/// When a controller left the election after the kill, by the line that it logged.
fn detected_in(log: &str, killed: u64) -> Result<u64> {
    let times = log.lines().filter(|line| line.contains("leaving the election:"));
    let since_kill =
        times.filter_map(|line| Some((time_of_day_ms(line)? + DAY_MS - killed % DAY_MS) % DAY_MS));
    since_kill.min().context("the old active's controller has not left the election")
}

/// Of a line that begins with a time as `2026-11-25T04:55:37.123456Z`.
fn time_of_day_ms(line: &str) -> Option<u64> {
    let time = line.split_once('T')?.1.split_once('Z')?.0;
    let (seconds, fraction) = time.split_once('.')?;
    let sixties = |whole: u64, part: &str| Some(whole * 60 + part.parse::<u64>().ok()?);
    let seconds = seconds.split(':').try_fold(0, sixties)?;
    Some(seconds * 1000 + fraction.get(..3)?.parse::<u64>().ok()?)
}

impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {:>10}  {:>9}  STEP", "AFTER", "TOOK")?;
        let mut last = 0;
        for (step, at) in &self.steps {
            let took = match at - last.min(*at) {
                _ if *at == 0 => String::new(),
                took => format!("{took} ms"),
            };
            writeln!(f, "  {:>10}  {took:>9}  {step}", format!("{at} ms"))?;
            last = *at;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use failover::ledger::{Outcome, Phases};
    use failover::types::NameNodeId;

    use super::*;

    /// 04:55:37.100 of some day.
    const KILLED: u64 = 20_000 * DAY_MS + 17_737_100;
    const LOG: &str = "2024-10-04T04:55:36.900000Z  INFO nsd1907/nn1: health: well\n\
                       2024-10-04T04:55:37.112999Z  INFO nsd1907/nn1: leaving the election: x\n";

    fn record() -> FailoverRecord {
        FailoverRecord {
            at_ms: KILLED + 700,
            from: Some(NameNodeId::new("nsd1907", "nn1")),
            to: NameNodeId::new("nsd1907", "nn2"),
            why: "nobody holds the lock".to_owned(),
            outcome: Outcome::Activated,
            by: "nn02".to_owned(),
            phases: Phases {
                lock_ms: Some(5),
                fence_ms: Some(350),
                breadcrumb_ms: Some(10),
                transition_ms: Some(300),
                total_ms: 665,
            },
            fencing: None,
        }
    }

    fn times() -> Vec<u64> {
        let acked = [KILLED - 5, KILLED + 1, KILLED + 720, KILLED + 730];
        let timeline = Timeline::of(&record(), LOG, KILLED, &acked).unwrap();
        timeline.steps.into_iter().map(|(_, at)| at).collect()
    }

    #[test]
    fn the_steps_are_counted_from_the_kill() {
        assert_eq!(times(), [0, 12, 40, 390, 400, 700, 720]);
    }

    #[test]
    fn without_a_write_or_a_success_there_is_no_timeline() {
        assert!(Timeline::of(&record(), LOG, KILLED, &[KILLED + 1]).is_err());
        let failed = FailoverRecord { outcome: Outcome::Failed("x".to_owned()), ..record() };
        assert!(Timeline::of(&failed, LOG, KILLED, &[KILLED + 720]).is_err());
    }

    #[test]
    fn midnight_may_come_between() {
        let killed = 20_000 * DAY_MS - 40;
        let log = "2024-10-04T00:00:00.002Z INFO leaving the election: x";
        assert_eq!(detected_in(log, killed).unwrap(), 42);
    }
}
