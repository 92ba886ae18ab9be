use super::Finding;
use crate::lock::AclEntry;
use crate::tools::cluster::{ElectionView, NameserviceView};

const AREA: &str = "znodes";
/// Writing, creating, deleting and administering.
const CHANGES: u8 = 2 | 4 | 8 | 16;

/// Whether ZooKeeper is prepared, who may change what is there, and what people want.
pub(super) fn check(view: &NameserviceView) -> Vec<Finding> {
    // That there is no session is told elsewhere.
    let Ok(election) = &view.election else { return Vec::new() };
    if !election.is_formatted {
        let parent = &election.paths.parent;
        let remedy = "run `zkfc-rs -formatZK` once, on one NameNode host";
        return vec![Finding::bad(AREA, parent, "not there", remedy)];
    }
    let mut findings: Vec<_> =
        election.acls.iter().map(|(path, entries)| acl(path, entries)).collect();
    findings.push(lock(view, election));
    findings.extend(pause(election));
    findings
}

fn acl(path: &str, entries: &[AclEntry]) -> Finding {
    let text = entries.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let is_open = |entry: &AclEntry| entry.scheme == "world" && entry.permissions & CHANGES != 0;
    if !entries.iter().any(is_open) {
        return Finding::good(AREA, path, text);
    }
    Finding::doubtful(
        AREA,
        path,
        format!("{text}: everyone who reaches ZooKeeper may take the lock or delete it"),
        "set ha.zookeeper.acl and ha.zookeeper.auth, stop all controllers, and run \
         `zkfc-rs -formatZK` again",
    )
}

fn lock(view: &NameserviceView, election: &ElectionView) -> Finding {
    const SUBJECT: &str = "lock";
    match (&election.lock, view.to_be_fenced()) {
        (_, Some(old)) => Finding::bad(
            AREA,
            SUBJECT,
            format!("nobody is active: {old} is to be fenced first"),
            "make fencing work (see below), or stop it; if its host is certainly off: \
             `zkfc-rs confirm-fenced`",
        ),
        (Some(lock), None) => Finding::good(AREA, SUBJECT, format!("held for {}", lock.text())),
        (None, None) => Finding::bad(
            AREA,
            SUBJECT,
            "held by nobody",
            "start the controllers, and see in their logs why none takes part in the election",
        ),
    }
}

fn pause(election: &ElectionView) -> Option<Finding> {
    let paused = election.paused.as_ref()?;
    let found = format!("paused by {}: {}", paused.by, paused.why);
    let remedy = "run `zkfc-rs resume` when that is over: nothing fails over until then";
    Some(Finding::doubtful(AREA, "pause", found, remedy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::cluster::tests::{healthy, nn1_down};
    use crate::tools::doctor::Verdict;

    #[test]
    fn an_acl_for_everyone_is_doubtful_and_reading_is_not() {
        let verdict = |text| acl("/x", &AclEntry::parse_list(text).unwrap()).verdict;
        assert_eq!(verdict("world:anyone:rwcda"), Verdict::Doubtful);
        assert_eq!(verdict("world:anyone:r,digest:hdfs:x=:rwcda"), Verdict::Good);
    }

    #[test]
    fn a_healthy_election_is_good_and_a_stuck_one_is_bad() {
        assert!(check(&healthy()).iter().all(|finding| finding.verdict == Verdict::Good));
        let stuck = check(&nn1_down());
        let bad: Vec<_> = stuck.iter().filter(|f| f.verdict == Verdict::Bad).collect();
        assert_eq!(bad.len(), 1);
        assert!(bad[0].found.contains("nsd1907/nn1 at nn01:8020"));
        let mut unformatted = healthy();
        unformatted.election.as_mut().unwrap().is_formatted = false;
        assert!(check(&unformatted)[0].remedy.as_ref().unwrap().contains("-formatZK"));
    }
}
