use std::fmt;

use hadoop_proto::hdfs::ActiveNodeInfo;
use hadoop_proto::{DecodeError, Message, decode};
use thiserror::Error;

use super::NameNodeId;

/// What lock and breadcrumb say of a NameNode (`ActiveNodeInfo`), byte for byte as Java writes
/// it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ActiveNode {
    /// Which NameNode.
    pub id: NameNodeId,
    /// Host of its service address.
    pub hostname: String,
    /// Port of its service address.
    pub port: i32,
    /// Port that its controller's RPC server bound.
    pub zkfc_port: i32,
}

/// Bytes that are no [`ActiveNode`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("these bytes name no NameNode ({reason}): {}", hex(.bytes))]
pub struct BadActiveNode {
    /// What is wrong with them.
    pub reason: String,
    /// What was there.
    pub bytes: Vec<u8>,
}

impl ActiveNode {
    /// The bytes for ZooKeeper.
    pub fn encode(&self) -> Vec<u8> {
        ActiveNodeInfo {
            nameservice_id: self.id.nameservice.clone(),
            namenode_id: self.id.namenode.clone(),
            hostname: self.hostname.clone(),
            port: self.port,
            zkfc_port: self.zkfc_port,
        }
        .encode_to_vec()
    }

    /// From the bytes in ZooKeeper.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadActiveNode> {
        let bad = |error: DecodeError| BadActiveNode {
            reason: error.to_string(),
            bytes: bytes.to_owned(),
        };
        let info: ActiveNodeInfo = decode(bytes.to_vec().into()).map_err(bad)?;
        Ok(Self {
            id: NameNodeId::new(info.nameservice_id, info.namenode_id),
            hostname: info.hostname,
            port: info.port,
            zkfc_port: info.zkfc_port,
        })
    }
}

impl fmt::Display for ActiveNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}:{}", self.id, self.hostname, self.port)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Java wrote it for this node.
    const JAVA: &str = "0a036e733112036e6e311a0f6e6e312e6578616d706c652e636f6d20d43e28d33e";

    fn nn1() -> ActiveNode {
        ActiveNode {
            id: NameNodeId::new("ns1", "nn1"),
            hostname: "nn1.example.com".to_owned(),
            port: 8020,
            zkfc_port: 8019,
        }
    }

    #[test]
    fn fc_004_the_bytes_are_javas() {
        assert_eq!(hex(&nn1().encode()), JAVA);
        assert_eq!(ActiveNode::decode(&nn1().encode()), Ok(nn1()));
    }

    #[test]
    fn fc_008_every_field_is_required() {
        let whole = nn1().encode();
        let cut = whole.len() - 3;
        let error = ActiveNode::decode(&whole[..cut]).unwrap_err();
        assert!(error.to_string().contains("zkfcPort"), "{error}");
        assert!(ActiveNode::decode(b"").is_err());
        assert!(ActiveNode::decode(b"\xff\xff").is_err());
    }
}
