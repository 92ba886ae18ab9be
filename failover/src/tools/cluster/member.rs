use hadoop_ipc::conf::HostPort;

/// One server of `ha.zookeeper.quorum`, as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// As the configuration has it.
    pub address: HostPort,
    /// What it says it is, else why nobody knows.
    pub role: Result<Role, MemberFault>,
}

/// What a server of ZooKeeper is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Orders all changes.
    Leader,
    /// Votes.
    Follower,
    /// Serves clients and has no vote.
    Observer,
    /// An ensemble by itself.
    Standalone,
    /// Something newer than this program.
    Other(String),
}

/// Why a server does not say what it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberFault {
    /// No connection, or no answer: what a script that reads `Mode:` shows as NULL.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// It is up and has no majority.
    #[error("not serving: it has lost the majority, or is still starting")]
    NotServing,
    /// It answers clients and not this question.
    #[error(
        "up, but does not tell its role: srvr and stat are not in 4lw.commands.whitelist of its \
         zoo.cfg"
    )]
    Disabled,
    /// The certificates for asking cannot be used.
    #[error("not asked: {0}")]
    NotAsked(String),
    /// An answer that is none.
    #[error("it answered {0:?}")]
    Odd(String),
}

impl Role {
    /// As ZooKeeper calls it.
    pub fn word(&self) -> &str {
        match self {
            Self::Leader => "leader",
            Self::Follower => "follower",
            Self::Observer => "observer",
            Self::Standalone => "standalone",
            Self::Other(word) => word,
        }
    }

    /// Whether it counts for a majority.
    pub fn has_vote(&self) -> bool {
        matches!(self, Self::Leader | Self::Follower | Self::Standalone)
    }
}

impl Member {
    /// The role, or what is wrong, in one word.
    pub fn word(&self) -> &str {
        match &self.role {
            Ok(role) => role.word(),
            Err(MemberFault::Unreachable(_)) => "unreachable",
            Err(MemberFault::NotServing) => "not serving",
            Err(MemberFault::Disabled | MemberFault::NotAsked(_) | MemberFault::Odd(_)) => {
                "unknown"
            }
        }
    }
}

/// Reads the answer to `srvr` or `stat`.
pub(super) fn role_of(answer: &str) -> Result<Role, MemberFault> {
    if let Some(mode) = answer.lines().find_map(|line| line.strip_prefix("Mode:")) {
        return Ok(match mode.trim() {
            "leader" => Role::Leader,
            "follower" => Role::Follower,
            "observer" => Role::Observer,
            "standalone" => Role::Standalone,
            other => Role::Other(other.to_owned()),
        });
    }
    match answer.trim() {
        "" => Err(MemberFault::Unreachable("it took the connection and said nothing".to_owned())),
        text if text.contains("not currently serving requests") => Err(MemberFault::NotServing),
        text if text.contains("not in the whitelist") => Err(MemberFault::Disabled),
        text => Err(MemberFault::Odd(text.lines().next().unwrap_or_default().to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mode_is_read_from_srvr_and_from_stat() {
        let srvr = "Zookeeper version: 3.8.4\nLatency min/avg/max: 0/0.0/0\nMode: follower\n";
        assert_eq!(role_of(srvr), Ok(Role::Follower));
        let stat = "Clients:\n /127.0.0.1:1[1](queued=0)\n\nZxid: 0x1\nMode: leader\nNode count: 5";
        assert_eq!(role_of(stat), Ok(Role::Leader));
        assert_eq!(role_of("Mode: observer"), Ok(Role::Observer));
        assert_eq!(role_of("Mode: read-only"), Ok(Role::Other("read-only".to_owned())));
    }

    #[test]
    fn what_is_no_mode_says_why() {
        assert!(matches!(role_of(""), Err(MemberFault::Unreachable(_))));
        let lost = "This ZooKeeper instance is not currently serving requests\n";
        assert_eq!(role_of(lost), Err(MemberFault::NotServing));
        let off = "srvr is not executed because it is not in the whitelist.\n";
        assert_eq!(role_of(off), Err(MemberFault::Disabled));
        assert_eq!(role_of("HTTP/1.1 400\n"), Err(MemberFault::Odd("HTTP/1.1 400".to_owned())));
    }
}
