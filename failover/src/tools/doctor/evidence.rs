use std::time::Duration;

use super::Finding;
use crate::settings::NameserviceSettings;

const AREA: &str = "fencing";
const KEY: &str = "dfs.ha.zkfc.rs.fencing.evidence.silence";

/// Whether evidence stands in for fencing where no method reaches a host, when, and the risk of
/// it. `None` where no controller finds ZooKeeper: without a session there is nothing to compare
/// a silence with, and that is told elsewhere.
pub(super) fn check(settings: &NameserviceSettings) -> Option<Finding> {
    let policies = settings.evidence.iter().zip(&settings.zookeeper);
    let readable = policies.filter(|(_, (_, zookeeper))| zookeeper.is_ok());
    let mut found = None;
    for ((id, policy), _) in readable {
        match policy {
            Err(error) => {
                let remedy = "correct the value; without it the controller does not start";
                return Some(Finding::bad(
                    AREA,
                    format!("{KEY} of {}", id.namenode),
                    error,
                    remedy,
                ));
            }
            Ok(policy) => found = Some(described(policy.as_ref().map(|policy| policy.silent_for))),
        }
    }
    found.map(|found| Finding::good(AREA, KEY, found))
}

fn described(silence: Option<Duration>) -> String {
    match silence {
        None => "off: a host that no method reaches waits for `zkfc-rs confirm-fenced`".to_owned(),
        Some(silence) => format!(
            "on: where every method fails, {} s of silence and a promise of the JournalNodes count \
             as fenced; an old active that still runs may serve stale reads until it writes",
            silence.as_secs_f64()
        ),
    }
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::{Configuration, Environment};

    use super::*;
    use crate::tools::doctor::Verdict;

    const GOOD: [(&str, &str); 6] = [
        ("dfs.nameservices", "ns"),
        ("dfs.ha.namenodes.ns", "nn1,nn2"),
        ("dfs.namenode.rpc-address.ns.nn1", "nn01:8020"),
        ("dfs.namenode.rpc-address.ns.nn2", "nn02:8020"),
        ("ha.zookeeper.quorum", "node1:2181"),
        ("dfs.namenode.shared.edits.dir", "qjournal://a:8485;b:8485;c:8485/ns"),
    ];

    fn finding(more: &[(&str, &str)]) -> Option<Finding> {
        let mut conf = Configuration::empty(Environment::empty());
        GOOD.iter().chain(more).for_each(|(key, value)| conf.set(key, value, "test"));
        check(&NameserviceSettings::all(&conf).unwrap()[0])
    }

    #[test]
    fn the_policy_is_shown_with_its_time_and_its_risk() {
        let off = finding(&[]).unwrap();
        assert_eq!(off.verdict, Verdict::Good);
        assert!(off.found.starts_with("off: ") && off.found.contains("confirm-fenced"));
        let on = finding(&[(KEY, "90s")]).unwrap();
        assert_eq!(on.verdict, Verdict::Good);
        assert!(on.found.starts_with("on: ") && on.found.contains("90 s of silence"), "{on:?}");
        assert!(on.found.contains("stale reads"), "{on:?}");
    }

    #[test]
    fn a_policy_that_lets_no_controller_start_is_bad() {
        let short = finding(&[(KEY, "1s")]).unwrap();
        assert_eq!((short.verdict, short.subject), (Verdict::Bad, format!("{KEY} of nn1")));
        assert!(short.found.contains("ha.zookeeper.session-timeout.ms"));
        let elsewhere = finding(&[(KEY, "90s"), ("dfs.namenode.shared.edits.dir", "file:///mnt")]);
        assert!(elsewhere.unwrap().found.contains("needs JournalNodes"));
    }

    #[test]
    fn without_zookeeper_there_is_nothing_to_compare_with() {
        assert_eq!(finding(&[(KEY, "1s"), ("ha.zookeeper.quorum", "")]), None);
    }
}
