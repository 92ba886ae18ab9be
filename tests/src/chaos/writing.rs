use std::fs;

use anyhow::Result;

use crate::ha::{QUORUM, UserHosts};

/// What a JournalNode logged about who writes, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writing {
    /// The first write under a new epoch, and the host that it came from.
    Epoch {
        /// The epoch.
        epoch: u64,
        /// Who wrote.
        host: String,
    },
    /// A segment was begun, by the writer of the epoch before it.
    Segment {
        /// Its first transaction.
        first: u64,
    },
}

impl Writing {
    /// What each JournalNode logged.
    pub fn of_all(hosts: &UserHosts) -> Result<Vec<(String, Vec<Self>)>> {
        let read = |node: &str| {
            let log = fs::read(hosts.lab.host(node)?.log("journalnode"))?;
            Ok((node.to_owned(), Self::of_log(&String::from_utf8_lossy(&log))))
        };
        QUORUM.into_iter().map(read).collect()
    }

    /// All of a log, all runs of the daemon.
    pub fn of_log(text: &str) -> Vec<Self> {
        text.lines().filter_map(Self::of_line).collect()
    }

    fn of_line(line: &str) -> Option<Self> {
        if line.contains("writer epoch") {
            let host = value(line, "peer=")?.rsplit_once(':')?.0.to_owned();
            return Some(Self::Epoch { epoch: value(line, "epoch=")?.parse().ok()?, host });
        }
        line.contains("segment started").then_some(())?;
        Some(Self::Segment { first: value(line, "segment=")?.parse().ok()? })
    }
}

fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let rest = line.split_once(key)?.1;
    Some(rest.split([' ', ',', '}', '"']).next().unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_lines_say_nothing_of_writing() {
        let log = "2026-11-25T04:26:45.1Z  INFO journalnode: promised epoch journal=n epoch=1 peer=10.77.0.14:3\n\
                   2026-11-25T04:26:45.2Z  INFO journalnode: writer epoch journal=n epoch=1 peer=10.77.0.14:3\n\
                   2026-11-25T04:26:45.3Z  INFO journalnode: segment started journal=n segment=209 peer=10.77.0.14:3\n";
        let host = "10.77.0.14".to_owned();
        let expected = [Writing::Epoch { epoch: 1, host }, Writing::Segment { first: 209 }];
        assert_eq!(Writing::of_log(log), expected);
    }
}
