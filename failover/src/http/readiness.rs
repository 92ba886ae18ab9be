use serde::Serialize;

use super::ControllerStatus;
use crate::types::ServiceState;

/// What `/ready` answers.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Readiness {
    pub(super) ready: bool,
    /// Why not.
    pub(super) reasons: Vec<String>,
}

impl Readiness {
    /// A controller is ready if it can do its part when it is needed: its session is alive, and
    /// it is in the election, or out of it on purpose. An observer and a paused one are.
    pub(super) fn of(status: &ControllerStatus) -> Self {
        let mut reasons = Vec::new();
        reasons.extend(session_trouble(status));
        reasons.extend(absence(status));
        if let Some(stuck) = &status.stuck_fencing {
            let (target, seconds) = (&stuck.target, stuck.since_seconds);
            reasons.push(format!(
                "{target} cannot be fenced for {seconds:.0} s and nobody is active: {}; {}",
                stuck.reason, stuck.what_to_do
            ));
        }
        Self { ready: reasons.is_empty(), reasons }
    }
}

fn session_trouble(status: &ControllerStatus) -> Option<String> {
    if status.paused {
        return None;
    }
    let Some(session) = &status.session else {
        return Some("no session with ZooKeeper".to_owned());
    };
    let left = session.lease_remaining_seconds;
    if left <= 0.0 {
        return Some(format!("session {} has had no answer for its whole timeout", session.id));
    }
    let why = format!("session {} is not connected; {left:.1} s are left of it", session.id);
    (!session.connected).then_some(why)
}

fn absence(status: &ControllerStatus) -> Option<String> {
    let on_purpose = status.paused
        || status.service_state == ServiceState::Observer
        || status.reported_state == Some(ServiceState::Observer);
    if status.in_election || on_purpose {
        return None;
    }
    let delay = status.delay_remaining_seconds;
    if delay > 0.0 {
        return Some(format!("not in the election for another {delay:.1} s"));
    }
    let why = match status.health_reason.as_str() {
        "" => String::new(),
        reason => format!(" ({reason})"),
    };
    Some(format!("not in the election: the NameNode is {}{why}", status.health))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::http::{Counters, SessionStatus, StuckFencing};
    use crate::types::{ActiveNode, Health, NameNodeId};

    pub(in crate::http) fn standby() -> ControllerStatus {
        ControllerStatus {
            namenode: NameNodeId::new("ns1", "nn1"),
            elector: "STANDBY",
            in_election: true,
            paused: false,
            session: Some(SessionStatus {
                id: "0x1f".to_owned(),
                connected: true,
                age_seconds: 12.5,
                lease_remaining_seconds: 9.0,
            }),
            lock_owner: Some(nn2()),
            health: Health::Healthy,
            health_reason: String::new(),
            service_state: ServiceState::Standby,
            reported_state: Some(ServiceState::Standby),
            delay_remaining_seconds: 0.0,
            stuck_fencing: None,
            breadcrumb_age_seconds: None,
            failovers: Vec::new(),
            counters: Counters { fencings: 2, ..Counters::default() },
        }
    }

    pub(in crate::http) fn nn2() -> ActiveNode {
        let id = NameNodeId::new("ns1", "nn2");
        ActiveNode { id, hostname: "host2".to_owned(), port: 8020, zkfc_port: 8019 }
    }

    fn reasons(status: &ControllerStatus) -> Vec<String> {
        let readiness = Readiness::of(status);
        assert_eq!(readiness.ready, readiness.reasons.is_empty());
        readiness.reasons
    }

    #[test]
    fn one_in_the_election_with_a_live_session_is_ready() {
        assert!(reasons(&standby()).is_empty());
    }

    #[test]
    fn one_without_a_session_is_not() {
        assert_eq!(
            reasons(&ControllerStatus { session: None, ..standby() }),
            ["no session with ZooKeeper"]
        );
        let mut lost = standby();
        lost.session.as_mut().unwrap().connected = false;
        assert_eq!(reasons(&lost), ["session 0x1f is not connected; 9.0 s are left of it"]);
        lost.session.as_mut().unwrap().lease_remaining_seconds = 0.0;
        assert_eq!(reasons(&lost), ["session 0x1f has had no answer for its whole timeout"]);
    }

    #[test]
    fn one_that_is_out_because_of_its_namenode_is_not() {
        let sick = ControllerStatus {
            in_election: false,
            health: Health::NotResponding,
            health_reason: "nn1:8020: refused".to_owned(),
            ..standby()
        };
        assert_eq!(
            reasons(&sick),
            ["not in the election: the NameNode is SERVICE_NOT_RESPONDING (nn1:8020: refused)"]
        );
        let banned = ControllerStatus { delay_remaining_seconds: 7.25, ..sick };
        assert_eq!(reasons(&banned), ["not in the election for another 7.2 s"]);
    }

    #[test]
    fn one_that_is_out_on_purpose_is_ready() {
        let out = ControllerStatus { in_election: false, ..standby() };
        let observer = ControllerStatus { service_state: ServiceState::Observer, ..out.clone() };
        assert!(reasons(&observer).is_empty());
        assert!(reasons(&ControllerStatus { paused: true, session: None, ..out }).is_empty());
    }

    #[test]
    fn stuck_fencing_is_said_with_what_to_do() {
        let stuck = StuckFencing {
            target: nn2(),
            since_seconds: 61.0,
            attempts: 9,
            reason: "ssh: no route".to_owned(),
            what_to_do: "power it off".to_owned(),
        };
        let status = ControllerStatus { stuck_fencing: Some(stuck), ..standby() };
        assert_eq!(
            reasons(&status),
            ["ns1/nn2 at host2:8020 cannot be fenced for 61 s and nobody is active: \
              ssh: no route; power it off"]
        );
    }
}
