use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use hadoop_ipc::client::Target;
use hadoop_ipc::conf::QuorumJournalUri;
use hadoop_proto::Required;
use hadoop_proto::hdfs::NamespaceInfoProto;
use hadoop_proto::qjournal::{
    GetJournalStateRequestProto, GetJournalStateResponseProto, JournalIdProto,
    NewEpochRequestProto, NewEpochResponseProto,
};

use super::Promise;
use crate::namenode::{BoundedClient, CallOptions, Fault};

const PROTOCOL: &str = "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol";
/// The limit of each call.
const CALL_LIMIT: Duration = Duration::from_secs(10);
/// What a JournalNode says that has promised a higher epoch meanwhile (`Journal.newEpoch`).
const OUTBID: &str = "<= last promise";
/// So often a higher epoch is asked for when another writer was faster.
const ROUNDS: usize = 3;

/// The JournalNodes of a shared journal, as somebody who cuts off its writer asks them.
pub(crate) struct JournalQuorum {
    clients: Vec<BoundedClient>,
    journal: JournalIdProto,
    nameservice: String,
}

impl JournalQuorum {
    /// Nothing is sent yet.
    pub(crate) fn new(uri: &QuorumJournalUri, nameservice: &str, options: &CallOptions) -> Self {
        let options = options.clone().without_retries();
        let client = |node: &hadoop_ipc::conf::HostPort| {
            BoundedClient::new(PROTOCOL, Target::new(node.host.clone(), node.port), &options)
        };
        Self {
            clients: uri.journal_nodes.iter().map(client).collect(),
            journal: JournalIdProto { identifier: uri.journal_id.clone() },
            nameservice: nameservice.to_owned(),
        }
    }

    /// Makes a majority promise an epoch that nobody writes with
    /// (`QuorumJournalManager.createNewUniqueEpoch`): from then on no writer of before gets a
    /// majority. The next active picks a higher one still. `may_go_on` is asked right before the
    /// promises are, each time.
    pub(crate) async fn promise(
        &self,
        namespace: &NamespaceInfoProto,
        may_go_on: impl Fn() -> Result<(), String>,
    ) -> Result<Promise, String> {
        let mut failure = String::new();
        for _ in 0..ROUNDS {
            let before = self.highest_promise().await?;
            let epoch = before.checked_add(1).ok_or("no epoch is left")?;
            may_go_on()?;
            match self.new_epoch(namespace, epoch).await {
                Ok(()) => return Ok(Promise { before, epoch }),
                Err(why) if why.contains(OUTBID) => failure = why,
                Err(why) => return Err(why),
            }
        }
        Err(failure)
    }

    async fn highest_promise(&self) -> Result<i64, String> {
        let request = GetJournalStateRequestProto {
            jid: self.journal.clone(),
            name_service_id: Some(self.nameservice.clone()),
        };
        let states: Vec<GetJournalStateResponseProto> =
            self.majority("getJournalState", &request).await?;
        let highest = states.iter().map(|state| state.last_promised_epoch).max();
        i64::try_from(highest.unwrap_or(0)).map_err(|_| "no epoch is left".to_owned())
    }

    async fn new_epoch(&self, namespace: &NamespaceInfoProto, epoch: i64) -> Result<(), String> {
        let request = NewEpochRequestProto {
            jid: self.journal.clone(),
            ns_info: namespace.clone(),
            epoch: epoch.unsigned_abs(),
            name_service_id: Some(self.nameservice.clone()),
        };
        self.majority::<_, NewEpochResponseProto>("newEpoch", &request).await.map(drop)
    }

    /// The answers of a majority, as soon as they are there.
    async fn majority<Req: hadoop_proto::Message, Resp: Required>(
        &self,
        method: &str,
        request: &Req,
    ) -> Result<Vec<Resp>, String> {
        let needed = self.clients.len() / 2 + 1;
        let calls = self.clients.iter().map(|node| node.call(CALL_LIMIT, method, request));
        let mut calls: FuturesUnordered<_> = calls.collect();
        let (mut answers, mut faults) = (Vec::new(), Vec::<Fault>::new());
        while let Some(answer) = calls.next().await {
            match answer {
                Ok(answer) => answers.push(answer),
                Err(fault) => faults.push(fault),
            }
            if answers.len() == needed {
                return Ok(answers);
            }
        }
        let faults: Vec<_> = faults.iter().map(Fault::to_string).collect();
        Err(format!(
            "{method} succeeded on {} of {} JournalNodes, {needed} needed: {}",
            answers.len(),
            self.clients.len(),
            faults.join("; ")
        ))
    }
}
