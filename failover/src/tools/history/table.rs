use std::fmt::Write as _;

use crate::ledger::{FailoverRecord, Outcome};
use crate::tools::table::{self, shown};
use crate::tools::time::utc;

const HEAD: [&str; 10] =
    ["WHEN", "FROM", "TO", "OUTCOME", "DETECT", "LOCK", "FENCE", "CRUMB", "ACTIVATE", "TOTAL"];

/// The failovers of a nameservice for people.
pub(super) fn render(nameservice: &str, history: &[FailoverRecord]) -> String {
    if history.is_empty() {
        return format!("{nameservice}: no failover is recorded\n");
    }
    let rows: Vec<_> = history.iter().map(row).collect();
    let mut text = format!("{nameservice}, the latest first\n{}", table::render(HEAD, &rows));
    for record in history {
        let _ = writeln!(text, "  {} by {}: {}", utc(record.at_ms), record.by, record.why);
        if let Outcome::Failed(why) = &record.outcome {
            let _ = writeln!(text, "    failed: {why}");
        }
        if let Some(fencing) = &record.fencing {
            let _ = writeln!(text, "    fencing: {fencing}");
        }
    }
    text
}

fn row(record: &FailoverRecord) -> [String; 10] {
    let phases = &record.phases;
    [
        utc(record.at_ms),
        shown(record.from.as_ref().map(|id| &id.namenode)),
        record.to.namenode.clone(),
        if record.outcome.is_activated() { "active" } else { "FAILED" }.to_owned(),
        time(phases.detected_ms),
        time(phases.lock_ms),
        time(phases.fence_ms),
        time(phases.breadcrumb_ms),
        time(phases.transition_ms),
        time(Some(phases.total_ms)),
    ]
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
                detected_ms: None,
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
        let expected = "\
nsd1907, the latest first
  WHEN                  FROM  TO   OUTCOME  DETECT  LOCK  FENCE   CRUMB  ACTIVATE  TOTAL
  2025-11-25 04:20:00Z  nn1   nn2  active   -       4 ms  410 ms  9 ms   230 ms    655 ms
  2025-11-25 04:19:50Z  nn1   nn2  FAILED   -       -     30.2 s  -      -         30.2 s
  2025-11-25 04:20:00Z by nn02: the lock was free
    fencing: sshfence: 1 process killed
  2025-11-25 04:19:50Z by nn02: the lock was free
    failed: not fenced
";
        assert_eq!(render("nsd1907", &[done, failed]), expected);
        assert_eq!(render("a", &[]), "a: no failover is recorded\n");
    }
}
