use super::Finding;
use crate::settings::NameserviceSettings;
use crate::tools::cluster::{Named, NameserviceView};
use crate::types::ActiveNode;

const AREA: &str = "breadcrumb";

/// Lock and breadcrumb against the configuration: whoever cannot tell whom they name can never
/// fence it.
pub(super) fn check(settings: &NameserviceSettings, view: &NameserviceView) -> Vec<Finding> {
    let Ok(election) = &view.election else { return Vec::new() };
    let lock = election.lock.as_ref().map(|lock| against(settings, &election.paths.lock, lock));
    let breadcrumb = match &election.breadcrumb {
        Some(breadcrumb) => against(settings, &election.paths.breadcrumb, breadcrumb),
        None => Finding::good(AREA, &election.paths.breadcrumb, "none: nobody has to be fenced"),
    };
    lock.into_iter().chain([breadcrumb]).collect()
}

fn against(settings: &NameserviceSettings, path: &str, named: &Named) -> Finding {
    let delete = format!("stop all controllers and run `deleteall {path}` in zkCli.sh");
    let node = match &named.node {
        Ok(node) => node,
        Err(why) => {
            let remedy = format!("make sure that no NameNode is active, then {delete}");
            return Finding::bad(AREA, path, why, remedy);
        }
    };
    let Some(namenode) = settings.good_namenodes().find(|namenode| namenode.id == node.id) else {
        let known: Vec<_> = settings.namenodes.iter().map(|(id, _)| id.namenode.as_str()).collect();
        let found = format!(
            "names {node}, and dfs.ha.namenodes.{} has {}",
            settings.name,
            known.join(", ")
        );
        let remedy = format!(
            "configure it again under that name; or make sure that it does not run any more, and \
             run `zkfc-rs confirm-fenced {}`, or {delete}",
            node.id
        );
        return Finding::bad(AREA, path, found, remedy);
    };
    let configured = &namenode.service_address;
    if node.hostname == configured.host && node.port == i32::from(configured.port) {
        return Finding::good(AREA, path, node);
    }
    elsewhere(path, node, &configured.to_string())
}

/// The same NameNode at another address. Java compares addresses, and names that lead to the
/// same one are equal.
fn elsewhere(path: &str, node: &ActiveNode, configured: &str) -> Finding {
    let ActiveNode { id, hostname, port, .. } = node;
    Finding::doubtful(
        AREA,
        path,
        format!("names {id} at {hostname}:{port}, and the configuration has it at {configured}"),
        format!(
            "if these are two hosts, stop the NameNode at {hostname}:{port}: fencing goes to \
             {configured}. Java's controllers stop at such a difference (\"Mismatched address\") \
             until {path} is deleted or written anew"
        ),
    )
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::{Configuration, Environment};

    use super::*;
    use crate::tools::cluster::tests::healthy;
    use crate::tools::doctor::Verdict;

    fn settings(nn1: &str, address: &str) -> NameserviceSettings {
        let mut conf = Configuration::empty(Environment::empty());
        let of = |id: &str| format!("dfs.namenode.rpc-address.nsd1907.{id}");
        for (key, value) in [
            ("dfs.nameservices", "nsd1907"),
            ("dfs.ha.namenodes.nsd1907", &format!("{nn1},nn2")),
            (&of(nn1), address),
            (&of("nn2"), "nn02:8020"),
        ] {
            conf.set(key, value, "test");
        }
        NameserviceSettings::all(&conf).unwrap().remove(0)
    }

    #[test]
    fn fc_008_a_renamed_namenode_is_named_with_the_way_out() {
        let good = check(&settings("nn1", "nn01:8020"), &healthy());
        assert!(good.iter().all(|finding| finding.verdict == Verdict::Good), "{good:?}");
        let renamed = check(&settings("nn3", "nn01:8020"), &healthy()).remove(1);
        assert_eq!(renamed.verdict, Verdict::Bad);
        assert_eq!(
            renamed.found,
            "names nsd1907/nn1 at nn01:8020, and dfs.ha.namenodes.nsd1907 has nn3, nn2"
        );
        assert!(renamed.remedy.unwrap().contains("ActiveBreadCrumb"));
    }

    #[test]
    fn fc_007_another_address_is_doubtful() {
        let moved = check(&settings("nn1", "nn09:8020"), &healthy()).remove(1);
        assert_eq!(moved.verdict, Verdict::Doubtful);
        assert!(moved.found.contains("nn01:8020") && moved.found.contains("nn09:8020"));
    }
}
