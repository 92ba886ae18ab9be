use super::{configuration, connection, edits, fencing, frames, paxos, sasl, version, znode};

/// A kind of input, and what must hold for it.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Name of the fuzz target and of its corpus.
    pub name: &'static str,
    /// Panics if the input breaks a rule.
    pub check: fn(&[u8]),
}

/// All of them; `tests/fuzz/targets` has a program for each.
pub const TARGETS: [Target; 9] = [
    Target { name: "configuration", check: configuration::check },
    Target { name: "connection", check: connection::check },
    Target { name: "edits", check: edits::check },
    Target { name: "fencing", check: fencing::check },
    Target { name: "frames", check: frames::check },
    Target { name: "paxos", check: paxos::check },
    Target { name: "sasl", check: sasl::check },
    Target { name: "version", check: version::check },
    Target { name: "znode", check: znode::check },
];

impl Target {
    /// The target of this name, which has to be one of [`TARGETS`].
    pub fn named(name: &str) -> &'static Self {
        let found = TARGETS.iter().find(|target| target.name == name);
        found.unwrap_or_else(|| panic!("no fuzz target named {name}"))
    }
}
