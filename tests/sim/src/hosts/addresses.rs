use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

/// A host of the simulated network. Its address stands for it: no name is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Host {
    /// A JournalNode, by number.
    Node(usize),
    /// A NameNode that wants to be the writer, by number.
    Writer(usize),
    /// A standby that reads.
    Reader,
    /// Formats the journal, then is gone.
    Operator,
    /// The writer that comes when all is well again.
    LastWriter,
}

impl Host {
    pub(crate) fn address(self) -> IpAddr {
        let last = match self {
            Self::Node(index) => 1 + index as u8,
            Self::Writer(index) => 101 + index as u8,
            Self::Reader => 201,
            Self::Operator => 202,
            Self::LastWriter => 203,
        };
        Ipv4Addr::new(192, 168, 0, last).into()
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(index) => write!(f, "jn{}", index + 1),
            Self::Writer(index) => write!(f, "nn{}", index + 1),
            Self::Reader => f.write_str("reader"),
            Self::Operator => f.write_str("operator"),
            Self::LastWriter => f.write_str("last"),
        }
    }
}
