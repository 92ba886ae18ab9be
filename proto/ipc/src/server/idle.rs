use std::time::Duration;

use super::IdleRules;

/// What is known of a connection when idle ones are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usage {
    /// Which connection.
    pub(super) id: u64,
    /// Time since it last sent anything.
    pub(super) unused: Duration,
    /// Calls whose reply is not yet written.
    pub(super) calls: usize,
}

/// The connections to close now. Source: `Server.ConnectionManager.closeIdle`.
pub(super) fn connections_to_close(
    connections: impl ExactSizeIterator<Item = Usage>,
    rules: &IdleRules,
) -> Vec<u64> {
    let surplus = (connections.len() + 1).saturating_sub(rules.threshold_connections);
    connections
        .filter(|usage| usage.calls == 0 && usage.unused > rules.max_idle)
        .map(|usage| usage.id)
        .take(surplus.min(rules.max_closed_per_scan))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idle(id: u64) -> Usage {
        Usage { id, unused: Duration::from_secs(3600), calls: 0 }
    }

    fn rules(threshold_connections: usize) -> IdleRules {
        IdleRules { threshold_connections, max_closed_per_scan: 2, ..IdleRules::default() }
    }

    #[test]
    fn below_the_threshold_nobody_is_closed() {
        // JN-026
        let connections = [idle(1), idle(2), idle(3)];
        assert!(connections_to_close(connections.into_iter(), &rules(4)).is_empty());
    }

    #[test]
    fn closing_stops_below_the_threshold() {
        let connections = [idle(1), idle(2), idle(3)];
        assert_eq!(connections_to_close(connections.into_iter(), &rules(3)), [1]);
    }

    #[test]
    fn closing_stops_at_the_limit_per_scan() {
        let connections = [idle(1), idle(2), idle(3)];
        assert_eq!(connections_to_close(connections.into_iter(), &rules(1)), [1, 2]);
    }

    #[test]
    fn busy_and_fresh_connections_stay() {
        let busy = Usage { calls: 1, ..idle(1) };
        let fresh = Usage { unused: Duration::from_secs(20), ..idle(2) };
        let connections = [busy, fresh, idle(3)];
        assert_eq!(connections_to_close(connections.into_iter(), &rules(1)), [3]);
    }
}
