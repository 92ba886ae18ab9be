use std::fmt::Write as _;

use serde_json::{Value, json};

use super::TargetCheck;
use crate::fence::CheckResult;
use crate::tools::table;

/// The checks of all targets for people.
pub(super) fn render(checks: &[TargetCheck]) -> String {
    let mut text = String::new();
    for check in checks {
        let verdict = if check.works() { "can be fenced" } else { "CANNOT BE FENCED" };
        let _ = writeln!(text, "{}: {verdict} from here", check.id);
        match &check.rows {
            Err(why) => {
                let _ = writeln!(text, "  {why}");
            }
            Ok(rows) => {
                let cells: Vec<_> = rows.iter().map(cells).collect();
                text += &table::render(["METHOD", "WHAT", "STATE", "FOUND"], &cells);
                for row in rows {
                    if let Some(remedy) = &row.remedy {
                        let _ = writeln!(text, "  ! {}: {remedy}", row.subject);
                    }
                }
            }
        }
    }
    text
}

fn cells(row: &CheckResult) -> [String; 4] {
    [row.method.clone(), row.subject.clone(), row.state.to_string(), row.found.clone()]
}

/// The same for scripts.
pub(super) fn to_json(checks: &[TargetCheck]) -> Value {
    let all: Vec<_> = checks.iter().map(check_json).collect();
    json!({ "all_work": checks.iter().all(TargetCheck::works), "targets": all })
}

fn check_json(check: &TargetCheck) -> Value {
    let row = |row: &CheckResult| {
        json!({
            "method": row.method,
            "what": row.subject,
            "state": row.state.to_string().to_ascii_lowercase(),
            "found": row.found,
            "remedy": row.remedy,
        })
    };
    let rows = check.rows.as_ref();
    json!({
        "namenode": check.id.to_string(),
        "works": check.works(),
        "checks": rows.ok().map(|rows| rows.iter().map(row).collect::<Vec<_>>()),
        "error": rows.err(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fence::CheckState;
    use crate::types::NameNodeId;

    #[test]
    fn what_to_do_stands_below_the_table() {
        let row = CheckResult {
            method: "sshfence".to_owned(),
            subject: "login".to_owned(),
            state: CheckState::Bad,
            found: "Permission denied".to_owned(),
            remedy: Some("add the public key".to_owned()),
        };
        let id = NameNodeId::new("nsd1907", "nn2");
        let none = TargetCheck { id: id.clone(), rows: Err("no method".to_owned()) };
        let expected = "\
nsd1907/nn2: CANNOT BE FENCED from here
  METHOD    WHAT   STATE  FOUND
  sshfence  login  BAD    Permission denied
  ! login: add the public key
nsd1907/nn2: CANNOT BE FENCED from here
  no method
";
        assert_eq!(render(&[TargetCheck { id, rows: Ok(vec![row]) }, none]), expected);
    }
}
