use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::Signal;

use super::methods::Method;
use super::support::{ConfigDir, Node, RawConnection, Reply, requests};

/// A journal that nobody attacks.
pub const HEALTHY: &str = "healthy";
/// The journal that the bad requests are about.
pub const VICTIM: &str = "victim";
/// Nothing that is sent here is larger than a few megabytes.
const MAX_GROWTH_KIB: u64 = 64 << 10;

/// A node under attack, with what must not change.
pub struct Target {
    pub config: ConfigDir,
    pub node: Node,
    pub connection: RawConnection,
    /// Files of the healthy journal.
    healthy: BTreeMap<PathBuf, Vec<u8>>,
    resident_kib: u64,
}

impl Target {
    pub fn start() -> Self {
        let config = ConfigDir::new(&[]);
        let node = Node::start(config.command());
        node.line_with("index: ");
        let mut connection = RawConnection::open(node.rpc);
        write(&mut connection, HEALTHY);
        let healthy = files(&config.current(HEALTHY));
        assert!(healthy.len() >= 4, "{:?}", healthy.keys());
        let resident_kib = node.resident_kib();
        Self { config, node, connection, healthy, resident_kib }
    }

    /// Makes the victim anew: epoch 1, transactions 1 to 3 in an open segment, serial 2 next.
    pub fn renew_victim(&mut self) {
        write(&mut self.connection, VICTIM);
    }

    pub fn call(&mut self, method: &Method, body: &[u8]) -> Reply {
        self.connection.call_with(method.protocol, method.name, body)
    }

    /// Kills the node and starts it on the same directory.
    pub fn restart(&mut self) {
        self.node.signal(Signal::KILL);
        self.node.wait();
        assert!(!self.node.log().contains("panicked"), "{}", self.node.log());
        self.node = Node::start(self.config.command());
        self.connection = RawConnection::open(self.node.rpc);
    }

    /// The same connection answers, the healthy journal is as it was.
    pub fn assert_unharmed(&mut self) {
        let answer = self.connection.call("isFormatted", &requests::is_formatted(HEALTHY));
        assert!(answer.ok::<hadoop_proto::qjournal::IsFormattedResponseProto>().is_formatted);
    }

    /// At the end of a test.
    pub fn assert_nothing_else_happened(mut self) {
        self.assert_unharmed();
        assert!(self.node.is_running());
        assert!(!self.node.log().contains("panicked"), "{}", self.node.log());
        let grown = self.node.resident_kib().saturating_sub(self.resident_kib);
        assert!(grown < MAX_GROWTH_KIB, "{grown} KiB more memory than before");
        assert_eq!(files(&self.config.current(HEALTHY)), self.healthy);
        assert_eq!(names(self.config.path()), ["edits", "edits-index", "hdfs-site.xml"]);
        assert_eq!(names(&self.config.path().join("edits-index")), ["rocksdb"]);
        let journals = names(&self.config.edits());
        let known = |name: &String| name == HEALTHY || name == VICTIM;
        assert!(journals.iter().all(known), "{journals:?}");
    }
}

fn write(connection: &mut RawConnection, journal: &str) {
    let info = |serial| requests::info(journal, 1, serial);
    for reply in [
        connection.call("format", &requests::format(journal, true)),
        connection.call("newEpoch", &requests::new_epoch(journal, 1)),
        connection.call("startLogSegment", &requests::start_segment(info(0), 1)),
        connection.call("journal", &requests::journal(info(1), 1, 1, 3)),
    ] {
        assert!(matches!(reply, Reply::Success(_)), "{reply:?}");
    }
}

pub fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.append(&mut files(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
    found
}
