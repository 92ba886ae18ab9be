use std::{collections::BTreeMap, io, sync::Arc};

use super::{Protocol, ProtocolDescriptor, meta_info::MetaInfo};

/// The protocols of a server, `ProtocolMetaInfoPB` among them, by name and version.
pub(super) struct Registry {
    protocols: BTreeMap<&'static str, BTreeMap<u64, Arc<dyn Protocol>>>,
}

/// Why a name and version lead nowhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unregistered {
    Protocol,
    /// The protocol is there in another version; this is the highest.
    Version(u64),
}

impl Registry {
    /// Adds the one protocol every Hadoop server has to those given. Each may be there once.
    pub(super) fn new(protocols: Vec<Arc<dyn Protocol>>) -> io::Result<Self> {
        let mut descriptors: Vec<ProtocolDescriptor> =
            protocols.iter().map(|protocol| protocol.descriptor().clone()).collect();
        descriptors.push(MetaInfo::DESCRIPTOR);
        let meta_info: Arc<dyn Protocol> = Arc::new(MetaInfo::new(descriptors));
        let mut registry = Self { protocols: BTreeMap::new() };
        for protocol in protocols.into_iter().chain([meta_info]) {
            registry.add(protocol)?;
        }
        Ok(registry)
    }

    pub(super) fn find(&self, name: &str, version: u64) -> Result<Arc<dyn Protocol>, Unregistered> {
        let versions = self.protocols.get(name).ok_or(Unregistered::Protocol)?;
        versions.get(&version).cloned().ok_or_else(|| {
            Unregistered::Version(versions.keys().next_back().copied().unwrap_or_default())
        })
    }

    fn add(&mut self, protocol: Arc<dyn Protocol>) -> io::Result<()> {
        let ProtocolDescriptor { name, version, .. } = *protocol.descriptor();
        let replaced = self.protocols.entry(name).or_default().insert(version, protocol);
        match replaced {
            None => Ok(()),
            Some(_) => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("protocol {name} version {version} is given twice"),
            )),
        }
    }
}
