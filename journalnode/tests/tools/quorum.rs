use super::support::{ConfigDir, Node, RawConnection, Reply, requests};

/// Three JournalNodes of the journal `j`, and their writer.
pub struct Quorum {
    pub configs: Vec<ConfigDir>,
    pub nodes: Vec<Option<Node>>,
    writers: Vec<RawConnection>,
    serial: u64,
}

pub const ALL: [usize; 3] = [0, 1, 2];

impl Quorum {
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let configs: Vec<_> = ALL.iter().map(|_| ConfigDir::new(settings)).collect();
        let nodes: Vec<_> = configs.iter().map(|c| Some(Node::start(c.command()))).collect();
        let addresses = nodes.iter().flatten().map(|node| node.rpc);
        let writers = addresses.map(RawConnection::open).collect();
        Self { configs, nodes, writers, serial: 0 }
    }

    /// With the journal formatted on all, and epoch 1.
    pub fn formatted(settings: &[(&str, &str)]) -> Self {
        let mut quorum = Self::start(settings);
        quorum.send(&ALL, "format", &requests::format("j", false));
        quorum.send(&ALL, "newEpoch", &requests::new_epoch("j", 1));
        quorum
    }

    /// A finished segment on some of them, all of it committed.
    pub fn segment(&mut self, which: &[usize], first: u64, last: u64) {
        self.start_segment(which, first);
        self.write(which, first, first, (last - first + 1) as u32);
        let info = self.info(last);
        self.send(which, "finalizeLogSegment", &requests::finalize(info, first, last));
    }

    pub fn start_segment(&mut self, which: &[usize], first: u64) {
        let info = self.info(0);
        self.send(which, "startLogSegment", &requests::start_segment(info, first));
    }

    /// Writes `count` transactions to some of them, who learn that those before are committed.
    pub fn write(&mut self, which: &[usize], segment: u64, first: u64, count: u32) {
        let info = self.info(first - 1);
        self.send(which, "journal", &requests::journal(info, segment, first, count));
    }

    pub fn purge(&mut self, min_tx_id_to_keep: u64) {
        let req_info = self.info(0);
        let request = hadoop_proto::qjournal::PurgeLogsRequestProto { req_info, min_tx_id_to_keep };
        self.send(&ALL, "purgeLogs", &request);
    }

    pub fn send(&mut self, which: &[usize], method: &str, request: &impl hadoop_proto::Message) {
        for node in which {
            let reply = self.writers[*node].call(method, request);
            assert!(matches!(reply, Reply::Success(_)), "{method}: {reply:?}");
        }
    }

    /// The serial number may have gaps, of a node that something was not sent to.
    fn info(&mut self, committed: u64) -> hadoop_proto::qjournal::RequestInfoProto {
        self.serial += 1;
        let committed_tx_id = Some(committed).filter(|txid| *txid > 0);
        let info = requests::info("j", 1, self.serial);
        hadoop_proto::qjournal::RequestInfoProto { committed_tx_id, ..info }
    }

    /// `KEY=VALUE` of the quorum.
    pub fn uri(&self) -> String {
        let addresses: Vec<_> =
            self.nodes.iter().flatten().map(|node| node.rpc.to_string()).collect();
        format!("dfs.namenode.shared.edits.dir=qjournal://{}/j", addresses.join(";"))
    }

    /// A configuration directory.
    pub fn config(&self) -> String {
        self.configs[0].path().to_str().unwrap().to_owned()
    }

    /// `HOST:PORT` of a node's inspection service.
    pub fn inspect(&self, node: usize) -> String {
        self.nodes[node].as_ref().unwrap().inspect.unwrap().to_string()
    }
}
