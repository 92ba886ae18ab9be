use std::fmt::Write as _;

use crate::tools::cluster::{ElectionView, Members, NameNodeView, Named, NameserviceView};
use crate::tools::table::{self, shown};
use crate::tools::time::{ago, utc};

/// One nameservice for people.
pub(super) fn render(view: &NameserviceView, now_ms: u64) -> String {
    let mut text = format!("{}\n", headline(view));
    let rows: Vec<_> = view.namenodes.iter().map(|namenode| namenode_row(view, namenode)).collect();
    let head = ["NAMENODE", "ADDRESS", "STATE", "HEALTH", "READY", "CONTROLLER", "LOCK"];
    text += &table::render(head, &rows);
    if let Ok(election) = &view.election {
        text += &election_lines(election, now_ms);
    }
    text += &members(&view.members);
    for problem in view.problems() {
        let _ = writeln!(text, "  ! {problem}");
    }
    text
}

fn headline(view: &NameserviceView) -> String {
    let active = view.namenodes.iter().filter(|namenode| namenode.is_active());
    let active: Vec<_> = active.map(|namenode| namenode.id.namenode.as_str()).collect();
    let active = match active.as_slice() {
        [] if view.namenodes.iter().all(|namenode| namenode.status.is_err()) => {
            "no NameNode answers".to_owned()
        }
        [] => "NOBODY is active".to_owned(),
        [one] => format!("{one} is active"),
        several => format!("{} ARE ALL active", several.join(", ")),
    };
    let problems = view.problems().len();
    let verdict =
        if problems == 0 { "all is well".to_owned() } else { format!("{problems} to look at") };
    format!("{}: {active}; {verdict}", view.name)
}

fn namenode_row(view: &NameserviceView, namenode: &NameNodeView) -> [String; 7] {
    let lock = view.election.as_ref().ok().and_then(|election| election.lock.as_ref());
    let holds = lock.is_some_and(|lock| lock.node.as_ref().is_ok_and(|of| of.id == namenode.id));
    [
        namenode.id.namenode.clone(),
        namenode.address.to_string(),
        namenode.state_word(),
        if namenode.health.is_ok() { "well" } else { "NOT WELL" }.to_owned(),
        shown(namenode.ready_word()),
        if namenode.controller.is_ok() { "listens" } else { "UNREACHABLE" }.to_owned(),
        if holds { "holds it" } else { "" }.to_owned(),
    ]
}

fn election_lines(election: &ElectionView, now_ms: u64) -> String {
    let znode = |named: &Option<Named>, none: &str| {
        named.as_ref().map_or_else(|| none.to_owned(), |named| described(named, now_ms))
    };
    let mut text = format!(
        "  {} (sessions live {:?} without contact)\n    lock        {}\n    breadcrumb  {}\n",
        election.paths.parent,
        election.negotiated_timeout,
        znode(&election.lock, "held by nobody"),
        znode(&election.breadcrumb, "none: the last active stopped cleanly, or there was none"),
    );
    if let Some(paused) = &election.paused {
        let since = utc(paused.at_ms);
        let _ = writeln!(text, "    paused      by {} since {since}: {}", paused.by, paused.why);
    }
    if let Some(word) = &election.confirmation {
        let at = utc(word.at_ms);
        let _ =
            writeln!(text, "    confirmed   {} is gone, says {} at {at}", word.namenode, word.by);
    }
    if let Some(last) = &election.last_failover {
        let (at, to, outcome) = (utc(last.at_ms), &last.to.namenode, &last.outcome);
        let _ = writeln!(text, "    last        {at} to {to}: {outcome}; {}", last.why);
    }
    text
}

fn described(named: &Named, now_ms: u64) -> String {
    let session = named.session.map(|id| format!(", session {id}")).unwrap_or_default();
    let (written, since) = (utc(named.written_ms), ago(named.written_ms, now_ms));
    format!("{}{session}, written {written} ({since})", named.text())
}

fn members(members: &Members) -> String {
    let seen = members.seen.iter().map(|member| format!("{} {}", member.address, member.word()));
    format!(
        "  ZooKeeper   {}; {} of {} voters answer, {} needed\n",
        seen.collect::<Vec<_>>().join(", "),
        members.voters_up(),
        members.voters(),
        members.majority(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::cluster::tests::{healthy, nn1_down};

    const NOW_MS: u64 = 1_764_044_400_000 + 125_000;

    #[test]
    fn a_healthy_nameservice_fits_on_a_screen() {
        let expected = "\
nsd1907: nn1 is active; all is well
  NAMENODE  ADDRESS    STATE    HEALTH  READY  CONTROLLER  LOCK
  nn1       nn01:8020  active   well    -      listens     holds it
  nn2       nn02:8020  standby  well    yes    listens
  /hadoop-ha/nsd1907 (sessions live 10s without contact)
    lock        nsd1907/nn1 at nn01:8020, session 0x10, written 2025-11-25 04:20:00Z (2 min 5 s ago)
    breadcrumb  nsd1907/nn1 at nn01:8020, written 2025-11-25 04:20:00Z (2 min 5 s ago)
  ZooKeeper   node1:2181 leader, node2:2181 follower, node3:2181 follower, nn01:2181 observer; 3 of 3 voters answer, 2 needed
";
        assert_eq!(render(&healthy(), NOW_MS), expected);
    }

    #[test]
    fn a_stuck_failover_says_what_is_stuck_and_what_to_do() {
        let expected = "\
nsd1907: NOBODY is active; 5 to look at
  NAMENODE  ADDRESS    STATE    HEALTH    READY      CONTROLLER   LOCK
  nn1       nn01:8020  unknown  NOT WELL  -          UNREACHABLE
  nn2       nn02:8020  standby  well      safe mode  listens
  /hadoop-ha/nsd1907 (sessions live 10s without contact)
    lock        held by nobody
    breadcrumb  nsd1907/nn1 at nn01:8020, written 2025-11-25 04:20:00Z (2 min 5 s ago)
  ZooKeeper   node1:2181 leader, node2:2181 unreachable, node3:2181 follower, nn01:2181 observer; 2 of 3 voters answer, 2 needed
  ! nobody is active: nsd1907/nn1 at nn01:8020 has to be fenced first; see `zkfc-rs check-fence`, or `zkfc-rs confirm-fenced` if it is certainly off
  ! nn1: cannot connect: refused
  ! the controller of nn1: nobody listens at nn01:8019: refused
  ! nn2 cannot become active: The NameNode is in safemode. 
  ! ZooKeeper node2:2181: unreachable: refused
";
        assert_eq!(render(&nn1_down(), NOW_MS), expected);
    }
}
