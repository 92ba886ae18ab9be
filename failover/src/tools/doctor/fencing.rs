use super::Finding;
use crate::fence::{CheckResult, CheckState};
use crate::tools::check_fence::TargetCheck;

const AREA: &str = "fencing";

/// One row for each NameNode that may have to be fenced from here; `check-fence` has the rest.
pub(super) fn check(check: &TargetCheck) -> Finding {
    let rows = match &check.rows {
        Ok(rows) => rows,
        Err(why) => return Finding::bad(AREA, &check.id, why, "correct dfs.ha.fencing.methods"),
    };
    // The first of the worst: what comes behind follows from it.
    let worst = rows.iter().map(|row| row.state).max();
    match rows.iter().find(|row| Some(row.state) == worst) {
        Some(row) if !check.works() => Finding::bad(AREA, &check.id, found(row), remedy(row)),
        Some(row) if row.state != CheckState::Good => {
            Finding::doubtful(AREA, &check.id, found(row), remedy(row))
        }
        _ => Finding::good(AREA, &check.id, "login, tools and permission are there"),
    }
}

fn found(row: &CheckResult) -> String {
    format!("{}: {}: {}", row.method, row.subject, row.found)
}

fn remedy(row: &CheckResult) -> String {
    row.remedy.clone().unwrap_or_else(|| "see `zkfc-rs check-fence`".to_owned())
}
