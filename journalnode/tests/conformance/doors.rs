//! Who may come in, and through which protocol.

use hadoop_ipc::client::{Client, ClientError, ClientOptions, Target};

use hadoop_proto::common::{GetProtocolSignatureRequestProto, GetProtocolSignatureResponseProto};
use hadoop_proto::hdfs::StorageInfoProto;
use hadoop_proto::qjournal::*;

use super::served::*;
use super::support::{Q_JOURNAL, requests};

const INTER: &str = "org.apache.hadoop.hdfs.qjournal.protocol.InterQJournalProtocol";
const META: &str = "org.apache.hadoop.ipc.ProtocolMetaInfoPB";
const AUTHORIZATION: &str = "org.apache.hadoop.security.authorize.AuthorizationException";
const NO_SUCH_PROTOCOL: &str = "org.apache.hadoop.ipc.RpcNoSuchProtocolException";

/// A client of another protocol, or with another name.
fn client(served: &Served, protocol: &str, user: &str) -> Client {
    let options = ClientOptions::new(protocol, 1, Some(user.to_owned()));
    Client::new(Target::new("127.0.0.1", served.client().target().port), options)
}

async fn is_formatted(client: &Client) -> Result<IsFormattedResponseProto, ClientError> {
    let jid = requests::journal_state(J).jid;
    client.call("isFormatted", &IsFormattedRequestProto { jid, name_service_id: None }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_036_the_whole_daemon_applies_the_lists_of_users_and_blocked_users() {
    let served = Served::start_with(&[
        ("hadoop.security.authorization", "true"),
        ("security.qjournal.service.protocol.acl", "hdfs,eve"),
        ("security.qjournal.service.protocol.acl.blocked", "eve"),
    ])
    .await;
    is_formatted(&client(&served, Q_JOURNAL, "hdfs")).await.unwrap();
    for stranger in ["mallory", "eve"] {
        let refused = is_formatted(&client(&served, Q_JOURNAL, stranger)).await;
        assert_refused(refused, AUTHORIZATION, "is not authorized for protocol");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_037_a_protocol_without_a_rule_is_refused_where_there_are_rules() {
    let served = Served::start_with(&[("hadoop.security.authorization", "true")]).await;
    let refused = is_formatted(&client(&served, "no.such.Protocol", "hdfs")).await;
    assert_refused(refused, AUTHORIZATION, "Unknown protocol: no.such.Protocol");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_039_the_signatures_of_both_protocols_can_be_asked() {
    let served = Served::start().await;
    let meta = client(&served, META, "hdfs");
    let pb = "org.apache.hadoop.hdfs.qjournal.protocolPB";
    for (class, methods) in [("QJournalProtocolPB", 20), ("InterQJournalProtocolPB", 1)] {
        let request = GetProtocolSignatureRequestProto {
            protocol: format!("{pb}.{class}"),
            rpc_kind: "RPC_PROTOCOL_BUFFER".to_owned(),
        };
        let answer: GetProtocolSignatureResponseProto =
            meta.call("getProtocolSignature", &request).await.unwrap();
        assert_eq!(answer.protocol_signature.len(), 1);
        assert_eq!(answer.protocol_signature[0].version, 1);
        assert_eq!(answer.protocol_signature[0].methods.len(), methods, "{class}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_040_no_other_protocol_is_served() {
    let served = Served::start().await;
    for other in [
        "org.apache.hadoop.security.protocol.RefreshUserMappingsProtocol",
        "org.apache.hadoop.ipc.GenericRefreshProtocol",
        "org.apache.hadoop.ha.HAServiceProtocol",
    ] {
        let refused = is_formatted(&client(&served, other, "hdfs")).await;
        assert_refused(refused, NO_SUCH_PROTOCOL, &format!("Unknown protocol: {other}"));
    }
}

/// Hadoop 3.5.0's JournalNodes ask for it.
#[tokio::test(flavor = "multi_thread")]
async fn storage_info_is_told_before_and_after_the_format() {
    let served = Served::start().await;
    let inter = client(&served, INTER, "hdfs");
    assert_eq!(storage_info(&inter).await.namespce_id, 0);
    served.format().await;
    let formatted = storage_info(&inter).await;
    let expected = requests::format(J, false).ns_info.storage_info;
    assert_eq!(formatted, expected);
}

async fn storage_info(client: &Client) -> StorageInfoProto {
    let jid = requests::journal_state(J).jid;
    let request = GetStorageInfoRequestProto { jid, name_service_id: None };
    client.call("getStorageInfo", &request).await.unwrap()
}

/// JN-043: an HTTP request does not say which nameservice it means.
#[tokio::test(flavor = "multi_thread")]
async fn a_journal_of_a_nameservice_is_found_over_http_after_a_restart() {
    let own = tempfile::tempdir().unwrap();
    let directory = own.path().to_str().unwrap().to_owned();
    let mut served =
        Served::start_with(&[("dfs.journalnode.edits.dir.ns1", directory.as_str())]).await;
    let mut format = requests::format(J, false);
    format.name_service_id = Some("ns1".to_owned());
    served.call::<FormatResponseProto>("format", &format).await.unwrap();
    assert!(own.path().join(J).join("current/VERSION").exists());

    served.restart().await;
    let path = format!("/getJournal?jid={J}&segmentTxId=1");
    let status = http_status(served.http_port(), &path).await;
    assert_eq!(status, 404, "formatted, so the segment is what is missing");
}

async fn http_status(port: u16, path: &str) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {path} HTTP/1.0\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}
