use hadoop_ipc::conf::HostPort;

use super::Finding;

const AREA: &str = "journalnodes";

/// The JournalNodes of a nameservice, as they were seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JournalView {
    /// The journal.
    pub(super) journal: String,
    /// In the order of the configuration; an answer, else why there is none.
    pub(super) nodes: Vec<(HostPort, Result<JournalAnswer, String>)>,
}

/// What a JournalNode says of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct JournalAnswer {
    /// What it promised.
    pub(super) promised_epoch: u64,
    /// Where its web server is, on the same host.
    pub(super) http_port: u16,
}

/// Each node, and whether a new active would get its majority.
pub(super) fn check(view: &Result<Option<JournalView>, String>) -> Vec<Finding> {
    let view = match view {
        Ok(Some(view)) => view,
        Ok(None) => {
            return vec![Finding::doubtful(
                AREA,
                "dfs.namenode.shared.edits.dir",
                "not set here",
                "set it to qjournal://host:8485;host:8485;host:8485/NAME, unless the edits are \
                 shared by other means",
            )];
        }
        Err(why) => {
            let remedy = "correct it; it is qjournal://host:8485;host:8485;host:8485/NAME";
            return vec![Finding::bad(AREA, "dfs.namenode.shared.edits.dir", why, remedy)];
        }
    };
    let newest = answers(view).map(|answer| answer.promised_epoch).max();
    let mut findings: Vec<_> =
        view.nodes.iter().map(|(address, answer)| node(address, answer, newest)).collect();
    findings.push(majority(view));
    findings
}

fn node(
    address: &HostPort,
    answer: &Result<JournalAnswer, String>,
    newest: Option<u64>,
) -> Finding {
    match answer {
        Ok(JournalAnswer { promised_epoch, .. }) if Some(*promised_epoch) < newest => {
            Finding::doubtful(
                AREA,
                address,
                format!("promised epoch {promised_epoch}, and others {}", newest.unwrap_or(0)),
                "it was away at the last failover; it follows at the next one, or see \
                 `journalnode status` for how far it is",
            )
        }
        Ok(answer) => {
            Finding::good(AREA, address, format!("promised epoch {}", answer.promised_epoch))
        }
        Err(why) => Finding::doubtful(
            AREA,
            address,
            why,
            "start it, and see its log; a new active needs a majority of them",
        ),
    }
}

fn majority(view: &JournalView) -> Finding {
    let (all, up) = (view.nodes.len(), answers(view).count());
    let needed = all / 2 + 1;
    let (subject, found) =
        (format!("majority of {}", view.journal), format!("{up} of {all} answer, {needed} needed"));
    if up < needed {
        let remedy = "start JournalNodes until a majority runs: no NameNode becomes active without";
        return Finding::bad(AREA, subject, found, remedy);
    }
    if all < 3 {
        let remedy = "run three JournalNodes: fewer bear no failure";
        return Finding::doubtful(AREA, subject, found, remedy);
    }
    Finding::good(AREA, subject, found)
}

fn answers(view: &JournalView) -> impl Iterator<Item = &JournalAnswer> {
    view.nodes.iter().filter_map(|(_, answer)| answer.as_ref().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::doctor::Verdict;

    fn verdicts(epochs: &[Option<u64>]) -> Vec<Verdict> {
        let node = |epoch: &Option<u64>| {
            let answer = epoch.map(|promised_epoch| JournalAnswer { promised_epoch, http_port: 1 });
            let address = HostPort { host: "n".to_owned(), port: 8485 };
            (address, answer.ok_or_else(|| "refused".to_owned()))
        };
        let nodes = epochs.iter().map(node).collect();
        let view = JournalView { journal: "j".to_owned(), nodes };
        check(&Ok(Some(view))).iter().map(|finding| finding.verdict).collect()
    }

    #[test]
    fn a_majority_is_needed_and_one_that_lags_is_shown() {
        use Verdict::*;
        assert_eq!(verdicts(&[Some(3), Some(3), Some(3)]), [Good; 4]);
        assert_eq!(verdicts(&[Some(3), None, Some(2)]), [Good, Doubtful, Doubtful, Good]);
        assert_eq!(verdicts(&[Some(3), None, None]), [Good, Doubtful, Doubtful, Bad]);
        assert_eq!(verdicts(&[Some(3)]), [Good, Doubtful]);
    }

    #[test]
    fn no_journal_and_a_bad_one_are_told_apart() {
        assert_eq!(check(&Ok(None))[0].verdict, Verdict::Doubtful);
        assert_eq!(check(&Err("no path".to_owned()))[0].verdict, Verdict::Bad);
    }
}
