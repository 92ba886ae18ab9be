use std::time::Duration;

use hadoop_ipc::client::Target;
use hadoop_proto::hdfs::{NamespaceInfoProto, VersionRequestProto, VersionResponseProto};

use crate::namenode::{BoundedClient, CallOptions, Fault};

const PROTOCOL: &str = "org.apache.hadoop.hdfs.server.protocol.NamenodeProtocol";

/// What a NameNode says of its namespace: JournalNodes promise nothing to another one. A standby
/// says it too.
pub(crate) async fn namespace_info(
    namenode: Target,
    options: &CallOptions,
    limit: Duration,
) -> Result<NamespaceInfoProto, Fault> {
    let client = BoundedClient::new(PROTOCOL, namenode, options);
    let answer: VersionResponseProto =
        client.call(limit, "versionRequest", &VersionRequestProto {}).await?;
    Ok(answer.info)
}
