use futures_util::future::join_all;
use hadoop_ipc::client::{Client, ClientError, ClientOptions, Target};
use hadoop_ipc::conf::HostPort;
use hadoop_ipc::conf::nameservices::shared_journal;
use hadoop_proto::qjournal::{
    GetJournalStateRequestProto, GetJournalStateResponseProto, JournalIdProto,
};

use super::journals::{JournalAnswer, JournalView};
use crate::settings::NameserviceSettings;
use crate::tools::Context;
use crate::tools::context::PATIENCE;

const PROTOCOL: &str = "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol";

/// Asks every JournalNode of the nameservice what it promised.
pub(super) async fn look(
    context: &Context,
    settings: &NameserviceSettings,
) -> Result<Option<JournalView>, String> {
    let journal = shared_journal(&context.conf, Some(&settings.name));
    let Some(uri) = journal.map_err(|error| error.to_string())? else { return Ok(None) };
    let user = context.calls().map(|calls| calls.user);
    let request = GetJournalStateRequestProto {
        jid: JournalIdProto { identifier: uri.journal_id.clone() },
        name_service_id: Some(settings.name.clone()),
    };
    let asked = uri.journal_nodes.iter().map(async |node| {
        let answer = match &user {
            Ok(user) => ask(node, user.clone(), &request).await.map_err(|error| reason(&error)),
            Err(why) => Err(why.clone()),
        };
        (node.clone(), answer)
    });
    let nodes = join_all(asked).await;
    Ok(Some(JournalView { journal: uri.journal_id.clone(), nodes }))
}

async fn ask(
    node: &HostPort,
    user: Option<String>,
    request: &GetJournalStateRequestProto,
) -> Result<JournalAnswer, ClientError> {
    let options = ClientOptions {
        connect_timeout: PATIENCE,
        call_timeout: PATIENCE,
        ..ClientOptions::new(PROTOCOL, 1, user)
    };
    let client = Client::new(Target::new(&node.host, node.port), options);
    let state: GetJournalStateResponseProto = client.call("getJournalState", request).await?;
    Ok(JournalAnswer {
        promised_epoch: state.last_promised_epoch,
        http_port: u16::try_from(state.http_port).unwrap_or(0),
    })
}

fn reason(error: &ClientError) -> String {
    match error {
        ClientError::Connect { source, .. } => format!("cannot connect: {source}"),
        ClientError::Timeout { after, .. } => format!("no answer within {after:?}"),
        other => other.to_string().lines().next().unwrap_or_default().to_owned(),
    }
}
