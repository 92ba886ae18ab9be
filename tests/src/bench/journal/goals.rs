use super::Goal::{AtLeast, AtMost, Limit, Shown};
use super::Section::{
    Cpu, Download, Edits, HadoopClient, Journals, Latency, Memory, Quorum, Recovery, Segments,
    Size, Start,
};
use super::Who::{Empty, Floor, Java};
use super::{Goal, Line, Section};

const ROUND_TRIP: &[Goal] = &[AtMost(0.5, Java), AtMost(2.0, Floor)];
const TAIL: &[Goal] = &[AtMost(0.4, Java)];
const SHOWN: &[Goal] = &[Shown];
const MANY: &[Goal] = &[AtLeast(3.0, Java), AtLeast(0.6, Floor)];
const CPU: &[Goal] = &[AtMost(0.33, Java)];
const US: &str = "µs";
const MS: &str = "ms";
const MIB: &str = "MiB";

const fn line(
    section: Section,
    key: &'static str,
    what: &'static str,
    unit: &'static str,
    goals: &'static [Goal],
) -> Line {
    Line { key, what, unit, section, goals }
}

/// Every goal there is, in the order of the table.
pub const LINES: &[Line] = &[
    line(Latency, "journal-100B-p50", "journal() of 100 B, p50", US, ROUND_TRIP),
    line(Latency, "journal-1KB-p50", "journal() of 1 KB, p50", US, ROUND_TRIP),
    line(Latency, "journal-10KB-p50", "journal() of 10 KB, p50", US, ROUND_TRIP),
    line(Latency, "journal-100KB-p50", "journal() of 100 KB, p50", US, SHOWN),
    line(Latency, "journal-1MB-p50", "journal() of 1 MB, p50", US, SHOWN),
    line(Latency, "journal-100B-p99", "journal() of 100 B, p99", US, TAIL),
    line(Latency, "journal-1KB-p99", "journal() of 1 KB, p99", US, TAIL),
    line(Latency, "journal-10KB-p99", "journal() of 10 KB, p99", US, TAIL),
    line(Latency, "journal-100KB-p99", "journal() of 100 KB, p99", US, SHOWN),
    line(Latency, "journal-1MB-p99", "journal() of 1 MB, p99", US, SHOWN),
    line(Latency, "batches-1MB", "batches of 1 MB", "MB/s", &[AtLeast(1.2, Java)]),
    line(Quorum, "quorum-p50", "quorum of three, 1 KB, p50", US, &[AtMost(0.5, Java)]),
    line(Quorum, "quorum-writes", "quorum of three, 1 KB", "writes/s", &[AtLeast(2.0, Java)]),
    line(HadoopClient, "hadoop-100B-p50", "100 B by IPCLoggerChannel, p50", US, SHOWN),
    line(HadoopClient, "hadoop-1KB-p50", "1 KB by IPCLoggerChannel, p50", US, SHOWN),
    line(HadoopClient, "hadoop-10KB-p50", "10 KB by IPCLoggerChannel, p50", US, SHOWN),
    line(HadoopClient, "hadoop-1KB-p99", "1 KB by IPCLoggerChannel, p99", US, SHOWN),
    line(HadoopClient, "hadoop-quorum-p50", "1 KB by QuorumJournalManager, p50", US, SHOWN),
    line(HadoopClient, "hadoop-quorum-writes", "1 KB by QuorumJournalManager", "writes/s", SHOWN),
    line(Journals, "journals-16", "16 journals on one node, 1 KB", "batches/s", MANY),
    line(Journals, "journals-64", "64 journals on one node, 1 KB", "batches/s", MANY),
    line(Cpu, "cpu-disk", "server CPU for a batch of 1 KB, disk", US, CPU),
    line(Cpu, "cpu-tmpfs", "server CPU for a batch of 1 KB, tmpfs", US, CPU),
    line(Cpu, "cpu-disk-p50", "round trip meanwhile, disk, p50", US, SHOWN),
    line(Cpu, "cpu-tmpfs-p50", "round trip meanwhile, tmpfs, p50", US, SHOWN),
    line(Start, "start", "exec to first answered RPC", MS, &[AtMost(0.02, Java)]),
    line(Start, "start-cpu", "CPU until then", MS, SHOWN),
    line(Memory, "resident-idle", "resident memory when idle", MIB, &[AtMost(0.15, Java)]),
    line(Memory, "resident-loaded", "resident memory after load", MIB, &[AtMost(0.1, Java)]),
    line(Memory, "threads-idle", "threads when idle", "", &[Limit(8.0)]),
    line(Memory, "threads-loaded", "threads after load", "", SHOWN),
    line(
        Recovery,
        "recovery-restarted",
        "1 GB in progress, restarted, cold: state to prepared",
        MS,
        &[AtMost(0.2, Java), AtMost(1.3, Floor)],
    ),
    line(Recovery, "recovery-from-exec", "the same from exec on", MS, SHOWN),
    line(Recovery, "recovery-running", "the same, not restarted", MS, &[Limit(5.0)]),
    line(Edits, "edits-cache", "1,000 edits a call, cached", "calls/s", &[AtLeast(3.0, Java)]),
    line(
        Edits,
        "edits-lost",
        "1,000 edits a call, left the cache",
        "calls/s",
        &[AtLeast(3.0, Java)],
    ),
    line(Download, "download", "/getJournal of 1 GB", "MB/s", &[AtLeast(1.0, Java)]),
    line(Download, "download-cpu", "server CPU for that", "ms/GB", &[AtMost(0.33, Java)]),
    line(
        Segments,
        "segments",
        "start + finalize among 100,000 segments",
        MS,
        &[AtMost(0.05, Java), AtMost(1.5, Empty)],
    ),
    line(Size, "size", "stripped binary, beside Java's jars", MIB, SHOWN),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_section_has_a_line_and_every_line_a_name_of_its_own() {
        let keys: BTreeSet<_> = LINES.iter().map(|line| line.key).collect();
        assert_eq!(keys.len(), LINES.len());
        for section in Section::ALL {
            assert!(LINES.iter().any(|line| line.section == section), "{}", section.name());
        }
    }
}
