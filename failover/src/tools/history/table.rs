use std::fmt::Write as _;

use crate::ledger::{FailoverRecord, Outcome};
use crate::tools::table::{self, shown};
use crate::tools::time::utc;

const HEAD: [&str; 9] =
    ["WHEN", "FROM", "TO", "OUTCOME", "LOCK", "FENCE", "CRUMB", "ACTIVATE", "TOTAL"];

/// The failovers of a nameservice for people.
pub(super) fn render(nameservice: &str, history: &[FailoverRecord]) -> String {
    if history.is_empty() {
        return format!("{nameservice}: no failover is recorded\n");
    }
    let rows: Vec<_> = history.iter().map(row).collect();
    let mut text = format!("{nameservice}, the latest first\n{}", table::render(HEAD, &rows));
    for record in history {
        let _ = writeln!(text, "  {} by {}: {}", utc(record.at_ms), record.by, record.why);
        if record.is_own() {
            let _ =
                writeln!(text, "    {} was the last active itself: nothing to fence", record.to);
        }
        if let Outcome::Failed(why) = &record.outcome {
            let _ = writeln!(text, "    failed: {why}");
        }
        if let Some(fencing) = &record.fencing {
            let _ = writeln!(text, "    fencing: {fencing}");
        }
    }
    text
}

fn row(record: &FailoverRecord) -> [String; 9] {
    let phases = &record.phases;
    [
        utc(record.at_ms),
        shown(from(record)),
        record.to.namenode.clone(),
        if record.outcome.is_activated() { "active" } else { "FAILED" }.to_owned(),
        time(phases.lock_ms),
        time(phases.fence_ms),
        time(phases.breadcrumb_ms),
        time(phases.transition_ms),
        time(Some(phases.total_ms)),
    ]
}

/// Whose breadcrumb there was.
fn from(record: &FailoverRecord) -> Option<&str> {
    let from = record.from.as_ref()?;
    Some(if record.is_own() { "itself" } else { from.namenode.as_str() })
}

fn time(ms: Option<u64>) -> String {
    shown(ms.map(|ms| match ms {
        0..10_000 => format!("{ms} ms"),
        _ => format!("{:.1} s", ms as f64 / 1e3),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Phases;
    use crate::types::NameNodeId;

    #[test]
    fn each_failover_is_a_row_and_its_reasons_follow() {
        let done = FailoverRecord {
            at_ms: 1_764_044_400_000,
            from: Some(NameNodeId::new("nsd1907", "nn1")),
            to: NameNodeId::new("nsd1907", "nn2"),
            why: "the lock was free".to_owned(),
            outcome: Outcome::Activated,
            by: "nn02".to_owned(),
            phases: Phases {
                lock_ms: Some(4),
                fence_ms: Some(410),
                breadcrumb_ms: Some(9),
                transition_ms: Some(230),
                total_ms: 655,
            },
            fencing: Some("sshfence: 1 process killed".to_owned()),
        };
        let failed = FailoverRecord {
            at_ms: 1_764_044_390_000,
            outcome: Outcome::Failed("not fenced".to_owned()),
            phases: Phases { fence_ms: Some(30_200), total_ms: 30_220, ..Phases::default() },
            fencing: None,
            ..done.clone()
        };
        let again = FailoverRecord {
            at_ms: 1_764_044_380_000,
            from: Some(done.to.clone()),
            phases: Phases { lock_ms: Some(3), total_ms: 40, ..Phases::default() },
            fencing: None,
            ..done.clone()
        };
        let expected = "\
nsd1907, the latest first
  WHEN                  FROM    TO   OUTCOME  LOCK  FENCE   CRUMB  ACTIVATE  TOTAL
  2025-11-25 04:20:00Z  nn1     nn2  active   4 ms  410 ms  9 ms   230 ms    655 ms
  2025-11-25 04:19:50Z  nn1     nn2  FAILED   -     30.2 s  -      -         30.2 s
  2025-11-25 04:19:40Z  itself  nn2  active   3 ms  -       -      -         40 ms
  2025-11-25 04:20:00Z by nn02: the lock was free
    fencing: sshfence: 1 process killed
  2025-11-25 04:19:50Z by nn02: the lock was free
    failed: not fenced
  2025-11-25 04:19:40Z by nn02: the lock was free
    nsd1907/nn2 was the last active itself: nothing to fence
";
        assert_eq!(render("nsd1907", &[done, failed, again]), expected);
        assert_eq!(render("a", &[]), "a: no failover is recorded\n");
    }
}
