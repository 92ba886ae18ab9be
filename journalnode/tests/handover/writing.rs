use std::io;
use std::time::{Duration, Instant};

use prost::Message;

use super::support::{ConfigDir, Node, Q_JOURNAL, RawConnection, requests};

pub const J: &str = "j";

/// A writer of one node, which must never be refused: one transaction a batch, all in the
/// segment that starts with 1.
pub struct Writing {
    pub connection: RawConnection,
    serial: u64,
    pub last: u64,
}

impl Writing {
    /// Formats the journal and writes the first transaction.
    pub fn begin(node: &Node) -> Self {
        let mut connection = RawConnection::open(node.rpc);
        connection.call("format", &requests::format(J, false)).ok::<()>();
        connection.call("newEpoch", &requests::new_epoch(J, 1)).ok::<()>();
        let start = requests::start_segment(requests::info(J, 1, 0), 1);
        connection.call("startLogSegment", &start).ok::<()>();
        let mut writing = Self { connection, serial: 0, last: 0 };
        writing.write();
        writing
    }

    /// The next request.
    pub fn next(&mut self) -> hadoop_proto::qjournal::JournalRequestProto {
        self.serial += 1;
        self.last += 1;
        requests::journal(requests::info(J, 1, self.serial), 1, self.last, 1)
    }

    /// Writes the next transaction; how long that took.
    pub fn write(&mut self) -> Duration {
        let request = self.next();
        let asked = Instant::now();
        self.connection.call("journal", &request).ok::<()>();
        asked.elapsed()
    }

    /// Writes the next transaction, unless the connection fails.
    pub fn try_write(&mut self) -> io::Result<()> {
        let request = self.next().encode_to_vec();
        self.connection.send(Q_JOURNAL, "journal", &request)?;
        self.connection.reply()?.ok::<()>();
        Ok(())
    }

    /// Insists that the open segment holds all that was written, and padding.
    pub fn assert_all_there(&self, config: &ConfigDir) {
        let path = config.current(J).join("edits_inprogress_0000000000000000001");
        let bytes = std::fs::read(path).unwrap();
        let header = [0xff, 0xff, 0xff, 0xbd, 0, 0, 0, 0];
        let expected = [&header[..], &requests::records(1, self.last as u32)].concat();
        let (content, padding) = bytes.split_at(expected.len());
        assert!(content == expected, "not what was written");
        assert!(padding.iter().all(|byte| *byte == 0xff), "more than was written");
    }
}
