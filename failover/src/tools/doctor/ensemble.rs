use std::path::Path;

use futures_util::future::join_all;
use hadoop_ipc::conf::HostPort;

use super::Finding;
use crate::lock::zookeeper::Ensemble;
use crate::settings::NameserviceSettings;
use crate::tools::cluster::{MemberFault, Members, NameserviceView, data_dir};

const AREA: &str = "zookeeper";

/// The servers, their majority, and what sessions are given.
pub(super) fn check(settings: &NameserviceSettings, view: &NameserviceView) -> Vec<Finding> {
    let mut findings: Vec<_> = view.members.seen.iter().map(member).collect();
    findings.push(majority(&view.members, view.election.is_ok()));
    match (&view.election, settings.first_zookeeper()) {
        (Ok(election), Ok(zookeeper)) => {
            let (asked, given) = (zookeeper.session_timeout, election.negotiated_timeout);
            findings.push(timeout(asked, given));
        }
        (Err(why), _) => findings.push(Finding::bad(
            AREA,
            "session",
            why,
            "start ZooKeeper, or correct ha.zookeeper.quorum and ha.zookeeper.auth",
        )),
        (Ok(_), Err(_)) => {}
    }
    findings
}

/// Where each server keeps its data, as far as it tells.
pub(super) type DataDir = (HostPort, Option<String>);

/// Asks the servers that answer.
pub(super) async fn data_dirs(
    settings: &NameserviceSettings,
    view: &NameserviceView,
) -> Vec<DataDir> {
    let ensemble = settings.first_zookeeper().ok().and_then(|found| Ensemble::new(found).ok());
    let Some(ensemble) = &ensemble else { return Vec::new() };
    let up = view.members.seen.iter().filter(|member| member.role.is_ok());
    let dir = async |address: &HostPort| (address.clone(), data_dir(ensemble, address).await);
    join_all(up.map(|member| dir(&member.address))).await
}

/// Data below /tmp goes with the next boot, or with the next cleaning.
pub(super) fn check_data_dirs(dirs: &[DataDir]) -> Vec<Finding> {
    let row = |(address, dir): &DataDir| {
        let subject = format!("dataDir of {address}");
        match dir {
            None => Finding::unknown(
                AREA,
                subject,
                "not told: conf is not in 4lw.commands.whitelist; see zoo.cfg there",
            ),
            Some(dir) if Path::new(dir).starts_with("/tmp") => Finding::doubtful(
                AREA,
                subject,
                dir,
                "move dataDir out of /tmp, one server after the other: systems empty it, and a \
                 voter that forgets what it voted for may cost the whole ensemble its data",
            ),
            Some(dir) => Finding::good(AREA, subject, dir),
        }
    };
    dirs.iter().map(row).collect()
}

fn member(member: &crate::tools::cluster::Member) -> Finding {
    let address = &member.address;
    match &member.role {
        Ok(role) => Finding::good(AREA, address, role.word()),
        Err(fault @ (MemberFault::Disabled | MemberFault::NotAsked(_))) => {
            Finding::unknown(AREA, address, fault)
        }
        Err(fault) => Finding::doubtful(
            AREA,
            address,
            fault,
            "start the server, and see its log; the others do without it as long as a majority \
             of the voters runs",
        ),
    }
}

/// Observers do not count.
fn majority(members: &Members, has_session: bool) -> Finding {
    let (voters, up, needed) = (members.voters(), members.voters_up(), members.majority());
    let found = format!("{up} of {voters} voters answer, {needed} needed; observers do not count");
    let is_told = members.seen.iter().all(|seen| !matches!(seen.role, Err(MemberFault::Disabled)));
    match () {
        () if !is_told && has_session => {
            Finding::good(AREA, "majority", "a session was opened, so there is one")
        }
        () if !has_session && up < needed => Finding::bad(
            AREA,
            "majority",
            found,
            "start servers until a majority of the voters runs: nobody can become active without",
        ),
        () if voters == 1 => Finding::doubtful(
            AREA,
            "majority",
            "a single server: no failover works while it is down",
            "run three voters, on hosts of their own",
        ),
        () if voters % 2 == 0 => Finding::doubtful(
            AREA,
            "majority",
            format!("{found}; {voters} voters bear no more failures than {}", voters - 1),
            "make one of them an observer, or add a voter",
        ),
        () if up == needed => Finding::doubtful(
            AREA,
            "majority",
            format!("{found}: the next voter that fails takes ZooKeeper down"),
            "start the missing voters",
        ),
        () => Finding::good(AREA, "majority", found),
    }
}

fn timeout(asked: std::time::Duration, given: std::time::Duration) -> Finding {
    const KEY: &str = "ha.zookeeper.session-timeout.ms";
    if asked == given {
        return Finding::good(AREA, KEY, format!("{given:?}, as configured"));
    }
    Finding::doubtful(
        AREA,
        KEY,
        format!("{asked:?} is configured, and the servers give {given:?}"),
        format!(
            "a lost host is noticed after {given:?}; change tickTime or \
             min/maxSessionTimeout of the servers' zoo.cfg, or the key"
        ),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::tools::cluster::tests::{healthy, nn1_down};
    use crate::tools::doctor::Verdict;

    #[test]
    fn a_majority_counts_voters_alone() {
        assert_eq!(majority(&healthy().members, true).verdict, Verdict::Good);
        let one_down = majority(&nn1_down().members, true);
        assert_eq!(one_down.verdict, Verdict::Doubtful);
        let mut two_down = nn1_down().members;
        two_down.seen[2].role = two_down.seen[1].role.clone();
        let lost = majority(&two_down, false);
        assert_eq!(lost.verdict, Verdict::Bad);
        assert!(lost.found.starts_with("1 of 3 voters answer, 2 needed"), "{}", lost.found);
    }

    #[test]
    fn what_is_not_told_is_no_alarm() {
        let mut silent = healthy().members;
        silent.seen.iter_mut().for_each(|seen| seen.role = Err(MemberFault::Disabled));
        assert_eq!(member(&silent.seen[0]).verdict, Verdict::Unknown);
        assert_eq!(majority(&silent, true).verdict, Verdict::Good);
    }

    #[test]
    fn data_below_tmp_is_doubtful() {
        let verdict = |dir: Option<&str>| {
            let address = HostPort { host: "node1".to_owned(), port: 2181 };
            check_data_dirs(&[(address, dir.map(str::to_owned))])[0].verdict
        };
        assert_eq!(verdict(Some("/tmp/zookeeper/version-2")), Verdict::Doubtful);
        assert_eq!(verdict(Some("/tmpfs/zookeeper")), Verdict::Good);
        assert_eq!(verdict(None), Verdict::Unknown);
    }

    #[test]
    fn fc_018_a_timeout_that_was_changed_is_shown() {
        let changed = timeout(Duration::from_secs(1), Duration::from_secs(4));
        assert_eq!(changed.verdict, Verdict::Doubtful);
        assert!(changed.found.contains("1s") && changed.found.contains("4s"));
    }
}
