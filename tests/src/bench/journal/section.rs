use anyhow::Result;

use super::{
    Bench, cpu, download, edits, hadoop_client, journals, latency, memory, quorum, recovery,
    segments, size, start,
};

/// A part of the benchmark, which may be run alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Round trips of one client to one JournalNode, by the size of a batch.
    Latency,
    /// One client, three JournalNodes.
    Quorum,
    /// Both again, with Hadoop's client in place of ours.
    HadoopClient,
    /// Many journals on one JournalNode.
    Journals,
    /// What the server's processor does for a batch.
    Cpu,
    /// From exec to the first answer.
    Start,
    /// Resident memory and threads.
    Memory,
    /// A long segment that its writer left open.
    Recovery,
    /// `getJournaledEdits`.
    Edits,
    /// `/getJournal`.
    Download,
    /// A directory of very many segments.
    Segments,
    /// Of the binary.
    Size,
}

impl Section {
    /// In the order in which they run.
    pub const ALL: [Self; 12] = [
        Self::Latency,
        Self::Quorum,
        Self::HadoopClient,
        Self::Journals,
        Self::Cpu,
        Self::Start,
        Self::Memory,
        Self::Recovery,
        Self::Edits,
        Self::Download,
        Self::Segments,
        Self::Size,
    ];

    /// As it is written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Quorum => "quorum",
            Self::HadoopClient => "hadoop-client",
            Self::Journals => "journals",
            Self::Cpu => "cpu",
            Self::Start => "start",
            Self::Memory => "memory",
            Self::Recovery => "recovery",
            Self::Edits => "edits",
            Self::Download => "download",
            Self::Segments => "segments",
            Self::Size => "size",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }

    /// Measures it.
    pub fn measure(self, bench: &mut Bench) -> Result<()> {
        match self {
            Self::Latency => latency::measure(bench),
            Self::Quorum => quorum::measure(bench),
            Self::HadoopClient => hadoop_client::measure(bench),
            Self::Journals => journals::measure(bench),
            Self::Cpu => cpu::measure(bench),
            Self::Start => start::measure(bench),
            Self::Memory => memory::measure(bench),
            Self::Recovery => recovery::measure(bench),
            Self::Edits => edits::measure(bench),
            Self::Download => download::measure(bench),
            Self::Segments => segments::measure(bench),
            Self::Size => size::measure(bench),
        }
    }
}
