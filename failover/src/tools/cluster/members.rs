use hadoop_ipc::conf::HostPort;

use super::Member;

/// Where clients connect, unless the list says otherwise.
const CLIENT_PORT: u16 = 2181;

/// The servers of an ensemble: those of the configuration, and who has a vote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// In the order of `ha.zookeeper.quorum`.
    pub seen: Vec<Member>,
    /// How many have a vote, and how many have none, as the ensemble itself says; `None` if it
    /// does not.
    pub voters_and_observers: Option<(usize, usize)>,
}

impl Members {
    /// Those that have a vote and answer.
    pub fn voters_up(&self) -> usize {
        let roles = self.seen.iter().filter_map(|member| member.role.as_ref().ok());
        roles.filter(|role| role.has_vote()).count()
    }

    /// How many have a vote. Observers have none. What does not answer and is not known
    /// otherwise is taken for a voter.
    pub fn voters(&self) -> usize {
        let without = |member: &&Member| member.role.as_ref().is_ok_and(|role| !role.has_vote());
        let others = self.seen.len() - self.seen.iter().filter(without).count();
        self.voters_and_observers.map_or(others, |(voters, _)| voters)
    }

    /// How many make a majority.
    pub fn majority(&self) -> usize {
        self.voters() / 2 + 1
    }
}

/// Counts participants and observers in what the ensemble says of itself.
pub(super) fn count(config: &str) -> Option<(usize, usize)> {
    let servers: Vec<_> = config.lines().filter(|line| line.starts_with("server.")).collect();
    let observers = servers.iter().filter(|line| line.contains(":observer")).count();
    (!servers.is_empty()).then(|| (servers.len() - observers, observers))
}

/// The servers of `ha.zookeeper.quorum`, without the path behind them.
pub fn servers_of(quorum: &str) -> Vec<HostPort> {
    let servers = quorum.split('/').next().unwrap_or_default().split(',');
    let read = |server: &str| match HostPort::parse(server.trim(), CLIENT_PORT) {
        Ok(address) => address,
        Err(_) => HostPort { host: server.trim().to_owned(), port: CLIENT_PORT },
    };
    servers.filter(|server| !server.trim().is_empty()).map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::cluster::{MemberFault, Role};

    fn member(role: Result<Role, MemberFault>) -> Member {
        Member { address: HostPort { host: "n".to_owned(), port: 1 }, role }
    }

    #[test]
    fn observers_have_no_vote() {
        let gone = || Err(MemberFault::Unreachable("refused".to_owned()));
        let seen = vec![
            member(Ok(Role::Leader)),
            member(gone()),
            member(gone()),
            member(Ok(Role::Observer)),
        ];
        let members = Members { seen, voters_and_observers: None };
        assert_eq!((members.voters(), members.majority(), members.voters_up()), (3, 2, 1));
        let told = Members { voters_and_observers: Some((5, 1)), ..members };
        assert_eq!((told.voters(), told.majority()), (5, 3));
    }

    #[test]
    fn the_ensembles_own_list_is_counted() {
        let config = "server.1=node1:2888:3888:participant\nserver.2=node2:2888:3888:participant\n\
                      server.3=nn01:2888:3888:observer\nversion=0\n";
        assert_eq!(count(config), Some((2, 1)));
        assert_eq!(count("version=0"), None);
    }

    #[test]
    fn a_path_and_missing_ports_are_taken() {
        let servers = servers_of("node1,node2:2182 , [::1]:2183/kafka/x");
        let shown: Vec<_> = servers.iter().map(ToString::to_string).collect();
        assert_eq!(shown[..2], ["node1:2181", "node2:2182"]);
        assert_eq!(servers[2].port, 2183);
    }
}
