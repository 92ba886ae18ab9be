use serde_json::{Value, json};

use crate::tools::cluster::{ElectionView, Member, NameNodeView, Named, NameserviceView};

/// All nameservices for scripts. What is not known is null.
pub(super) fn to_json(views: &[NameserviceView]) -> Value {
    let all: Vec<_> = views.iter().map(nameservice).collect();
    let well = views.iter().all(|view| view.problems().is_empty());
    json!({ "all_well": well, "nameservices": all })
}

fn nameservice(view: &NameserviceView) -> Value {
    let members = &view.members;
    let election = view.election.as_ref();
    json!({
        "nameservice": view.name,
        "problems": view.problems(),
        "to_be_fenced": view.to_be_fenced(),
        "namenodes": view.namenodes.iter().map(namenode).collect::<Vec<_>>(),
        "election": election.ok().map(election_json),
        "election_error": election.err(),
        "zookeeper": {
            "servers": members.seen.iter().map(member).collect::<Vec<_>>(),
            "voters": members.voters(),
            "voters_up": members.voters_up(),
            "majority": members.majority(),
        },
    })
}

fn namenode(view: &NameNodeView) -> Value {
    let status = view.status.as_ref();
    json!({
        "id": view.id.namenode,
        "address": view.address.to_string(),
        "state": status.ok().map(|status| status.state.to_string()),
        "state_error": status.err(),
        "ready": view.ready_word().map(|word| word == "yes"),
        "not_ready_reason": status.ok().and_then(|status| status.not_ready_reason.as_ref()),
        "safe_mode": view.is_in_safe_mode().then_some(true),
        "healthy": view.health.is_ok(),
        "health_error": view.health.as_ref().err(),
        "controller_listens": view.controller.is_ok(),
        "controller_error": view.controller.as_ref().err(),
    })
}

fn election_json(view: &ElectionView) -> Value {
    json!({
        "znode": view.paths.parent,
        "formatted": view.is_formatted,
        "session_timeout_ms": u64::try_from(view.negotiated_timeout.as_millis()).ok(),
        "lock": view.lock.as_ref().map(named),
        "breadcrumb": view.breadcrumb.as_ref().map(named),
        "paused": view.paused,
        "confirmed_fenced": view.confirmation,
        "last_failover": view.last_failover,
    })
}

fn named(view: &Named) -> Value {
    let node = view.node.as_ref();
    json!({
        "namenode": node.ok().map(|node| node.id.to_string()),
        "host": node.ok().map(|node| &node.hostname),
        "port": node.ok().map(|node| node.port),
        "controller_port": node.ok().map(|node| node.zkfc_port),
        "error": node.err(),
        "session": view.session.map(|session| session.to_string()),
        "version": view.version,
        "written_ms": view.written_ms,
    })
}

fn member(member: &Member) -> Value {
    json!({
        "address": member.address.to_string(),
        "role": member.word(),
        "error": member.role.as_ref().err().map(ToString::to_string),
    })
}
