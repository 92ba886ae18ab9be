use hadoop_ipc::prometheus::{Exposition, Labels};

use super::ControllerStatus;
use crate::types::{Health, ServiceState};

const ELECTOR_STATES: [&str; 4] = ["INIT", "ACTIVE", "STANDBY", "NEUTRAL"];
const HEALTH: [Health; 4] =
    [Health::Initializing, Health::Healthy, Health::Unhealthy, Health::NotResponding];
const SERVICE_STATES: [ServiceState; 4] = [
    ServiceState::Initializing,
    ServiceState::Active,
    ServiceState::Standby,
    ServiceState::Observer,
];

/// The metrics in the OpenMetrics text format: base units, one name per quantity, states as one
/// gauge per state of which exactly one is 1.
pub(super) fn render(status: &ControllerStatus) -> String {
    let mut page = Page(Exposition::default());
    page.states(status);
    page.session(status);
    page.election(status);
    page.counters(status);
    format!("{}# EOF\n", page.0.text())
}

struct Page(Exposition);

impl Page {
    fn gauge(&mut self, name: &str, help: &str, labels: Labels<'_>, value: f64) {
        self.0.add((&format!("zkfc_{name}"), ""), ("gauge", help), labels, value);
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.0.add((&format!("zkfc_{name}"), "_total"), ("counter", help), &[], value as f64);
    }

    fn states(&mut self, status: &ControllerStatus) {
        for state in ELECTOR_STATES {
            let is = bit(state == status.elector);
            self.gauge("elector_state", "1 for the elector's state.", &[("state", state)], is);
        }
        for health in HEALTH {
            let (name, is) = (health.to_string(), bit(health == status.health));
            let help = "1 for the health of the NameNode.";
            self.gauge("namenode_health", help, &[("health", &name)], is);
        }
        for state in SERVICE_STATES {
            let (name, is) = (state.to_string(), bit(state == status.service_state));
            let help = "1 for what the NameNode was told to be.";
            self.gauge("service_state", help, &[("state", &name)], is);
        }
    }

    fn session(&mut self, status: &ControllerStatus) {
        let session = status.session.as_ref();
        let connected = bit(session.is_some_and(|session| session.connected));
        self.gauge("session_connected", "1 if ZooKeeper is connected.", &[], connected);
        let age = session.map_or(0.0, |session| session.age_seconds);
        self.gauge("session_age_seconds", "Age of the session; 0 without one.", &[], age);
        let lease = session.map_or(0.0, |session| session.lease_remaining_seconds);
        let help = "What is certainly left of the session.";
        self.gauge("session_lease_remaining_seconds", help, &[], lease);
    }

    fn election(&mut self, status: &ControllerStatus) {
        self.gauge("in_election", "1 if it takes part.", &[], bit(status.in_election));
        self.gauge("paused", "1 if a person paused it.", &[], bit(status.paused));
        let delay = status.delay_remaining_seconds;
        self.gauge("delay_remaining_seconds", "Time to stay out of the election.", &[], delay);
        if let Some(owner) = &status.lock_owner {
            let labels = [("namenode", owner.id.namenode.as_str())];
            self.gauge("lock_owner", "1 for the holder of the lock.", &labels, 1.0);
        }
        let stuck = status.stuck_fencing.as_ref();
        let help = "Time since fencing began to fail; nobody is active. 0 if it does not.";
        let seconds = stuck.map_or(0.0, |stuck| stuck.since_seconds);
        self.gauge("fencing_stuck_seconds", help, &[], seconds);
        if let Some(age) = status.breadcrumb_age_seconds {
            let help = "Time since it wrote the breadcrumb; only of the active's controller.";
            self.gauge("breadcrumb_age_seconds", help, &[], age);
        }
        if let Some(last) = status.failovers.first() {
            let help = "When the last failover ended.";
            self.gauge("last_failover_timestamp_seconds", help, &[], last.at_ms as f64 / 1e3);
            self.gauge("last_failover_seconds", "How long it took.", &[], last.seconds);
            self.gauge("last_failover_ok", "1 if it succeeded.", &[], bit(last.ok));
        }
    }

    fn counters(&mut self, status: &ControllerStatus) {
        let counted = status.counters;
        self.counter("activations", "The NameNode became active.", counted.activations);
        let failed = counted.failed_activations;
        self.counter("failed_activations", "The NameNode did not become active.", failed);
        self.counter("fencings", "An old active was fenced.", counted.fencings);
        self.counter("failed_fencings", "Attempts to fence failed.", counted.failed_fencings);
        self.counter("cedes", "Another controller asked to cede.", counted.cedes);
        let graceful = counted.graceful_failovers;
        self.counter("graceful_failovers", "Graceful failovers asked for.", graceful);
        let expired = counted.expired_sessions;
        self.counter("expired_sessions", "Sessions with ZooKeeper expired.", expired);
        self.counter("health_changes", "The NameNode's health changed.", counted.health_changes);
        let help = "The NameNode was not what it was told to be.";
        self.counter("state_mismatches", help, counted.state_mismatches);
    }
}

fn bit(value: bool) -> f64 {
    f64::from(u8::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::readiness::tests::standby;

    #[test]
    fn exactly_one_state_of_each_kind_is_set() {
        let text = render(&standby());
        for line in [
            "zkfc_elector_state{state=\"STANDBY\"} 1",
            "zkfc_elector_state{state=\"ACTIVE\"} 0",
            "zkfc_namenode_health{health=\"SERVICE_HEALTHY\"} 1",
            "zkfc_service_state{state=\"standby\"} 1",
            "zkfc_lock_owner{namenode=\"nn2\"} 1",
            "zkfc_session_lease_remaining_seconds 9",
            "zkfc_fencing_stuck_seconds 0",
            "zkfc_fencings_total 2",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        for family in ["zkfc_elector_state{", "zkfc_namenode_health{", "zkfc_service_state{"] {
            let set = text.lines().filter(|line| line.starts_with(family) && line.ends_with(" 1"));
            assert_eq!(set.count(), 1, "{family}");
        }
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn every_family_says_what_it_is() {
        let text = render(&standby());
        let starts = |with| text.lines().filter(|line| line.starts_with(with)).count();
        assert_eq!(starts("# HELP "), starts("# TYPE "));
        assert_eq!(starts("# TYPE "), 20);
    }
}
