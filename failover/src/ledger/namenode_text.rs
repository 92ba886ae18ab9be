//! A NameNode in JSON: `nameservice/namenode`, as log lines have it. Neither name can hold a
//! slash: both are in paths or in keys.

use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::types::NameNodeId;

pub(super) fn serialize<S: Serializer>(id: &NameNodeId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NameNodeId, D::Error> {
    parse(&String::deserialize(from)?)
}

fn parse<E: Error>(text: &str) -> Result<NameNodeId, E> {
    let parts = text.split_once('/');
    let (nameservice, namenode) =
        parts.ok_or_else(|| E::custom(format!("{text:?} is not nameservice/namenode")))?;
    Ok(NameNodeId::new(nameservice, namenode))
}

/// The same, where there may be none.
pub(super) mod optional {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::types::NameNodeId;

    pub(in crate::ledger) fn serialize<S: Serializer>(
        id: &Option<NameNodeId>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match id {
            Some(id) => serializer.collect_str(id),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::ledger) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<NameNodeId>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| super::parse(&text)).transpose()
    }
}
