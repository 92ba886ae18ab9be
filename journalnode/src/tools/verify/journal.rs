use super::{Finding, Problem, SegmentFacts, sequence};
use crate::types::{Epoch, LayoutVersion, PaxosRecord, TxId};

/// What a journal's directory holds, as far as it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalFacts {
    /// In VERSION; `None` if it is missing or damaged.
    pub layout_version: Option<LayoutVersion>,
    /// 0 if there is no file.
    pub promised_epoch: Epoch,
    /// 0 if there is no file.
    pub writer_epoch: Epoch,
    /// `None` if there is no file, or no transaction in it.
    pub committed: Option<TxId>,
    /// In no order.
    pub segments: Vec<SegmentFacts>,
    /// The accepted recoveries.
    pub paxos: Vec<PaxosRecord>,
}

impl JournalFacts {
    /// The first transaction of all segments.
    pub fn first(&self) -> Option<TxId> {
        self.segments.iter().map(|segment| segment.file.first).min()
    }

    /// The last transaction of all segments.
    pub fn last(&self) -> Option<TxId> {
        self.segments.iter().filter_map(|segment| segment.last.max(segment.file.last)).max()
    }

    /// The first transaction of the segment that a writer may be writing to.
    pub(super) fn newest_in_progress(&self) -> Option<TxId> {
        sequence::newest_in_progress(&self.segments)
    }
}

/// Holds the files of a journal against each other.
pub fn check_journal(facts: &JournalFacts) -> Vec<Finding> {
    let mut findings = sequence::check(&facts.segments);
    findings.extend(layouts(facts));
    findings.extend(epochs(facts));
    findings.extend(committed(facts));
    findings.extend(facts.paxos.iter().flat_map(|record| paxos(facts, record)));
    findings
}

fn layouts(facts: &JournalFacts) -> impl Iterator<Item = Finding> {
    facts.segments.iter().filter_map(|segment| {
        let (found, expected) = (segment.layout_version?, facts.layout_version?);
        let path = format!("current/{}", segment.name);
        (found != expected).then(|| Finding::new(path, Problem::OtherLayout { found, expected }))
    })
}

fn epochs(facts: &JournalFacts) -> Option<Finding> {
    let (writer, promised) = (facts.writer_epoch, facts.promised_epoch);
    let problem = Problem::WriterAbovePromise { writer, promised };
    (writer > promised).then(|| Finding::new("current/last-writer-epoch", problem))
}

fn committed(facts: &JournalFacts) -> Option<Finding> {
    let committed = facts.committed.filter(|txid| *txid > TxId(0))?;
    let (first, last) = (facts.first(), facts.last());
    let problem = match first {
        _ if Some(committed) > last => Problem::CommittedAhead { committed, last },
        Some(first) if committed < first.previous() => {
            Problem::CommittedBehind { committed, first }
        }
        _ => return None,
    };
    Some(Finding::new("current/committed-txid", problem))
}

fn paxos(facts: &JournalFacts, record: &PaxosRecord) -> Vec<Finding> {
    let path = format!("current/paxos/{}", record.segment.start);
    let (accepted, promised) = (record.accepted_in, facts.promised_epoch);
    let mut problems = Vec::new();
    if accepted > promised {
        problems.push(Problem::PaxosAbovePromise { accepted, promised });
    }
    let mut about = facts.segments.iter().filter(|s| s.file.first == record.segment.start);
    match about.clone().next() {
        None => problems.push(Problem::PaxosWithoutSegment),
        Some(_) if about.any(|segment| segment.last == Some(record.segment.end)) => {}
        Some(segment) => problems
            .push(Problem::PaxosMismatch { accepted: record.segment.end, found: segment.last }),
    }
    problems.into_iter().map(|problem| Finding::new(path.clone(), problem)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{SegmentFile, SegmentState};

    fn healthy() -> JournalFacts {
        let file = SegmentFile::finalized(TxId(4), TxId(6));
        let segment = SegmentFacts {
            name: file.to_string(),
            file,
            layout_version: Some(LayoutVersion::CURRENT),
            first: Some(TxId(4)),
            last: Some(TxId(6)),
            operations: 3,
        };
        JournalFacts {
            layout_version: Some(LayoutVersion::CURRENT),
            promised_epoch: Epoch(2),
            writer_epoch: Epoch(1),
            committed: Some(TxId(6)),
            segments: vec![segment],
            paxos: vec![recovery(4, 6, 2)],
        }
    }

    fn recovery(start: i64, end: i64, epoch: i64) -> PaxosRecord {
        let segment = SegmentState { start: TxId(start), end: TxId(end), in_progress: true };
        PaxosRecord { segment, accepted_in: Epoch(epoch) }
    }

    fn codes(change: impl FnOnce(&mut JournalFacts)) -> Vec<&'static str> {
        let mut facts = healthy();
        change(&mut facts);
        check_journal(&facts).iter().map(|finding| finding.problem.code()).collect()
    }

    #[test]
    fn files_that_agree_are_clean() {
        assert_eq!(codes(|_| {}), [""; 0]);
        assert_eq!(codes(|f| f.committed = None), [""; 0]);
        assert_eq!(codes(|f| f.committed = Some(TxId(3))), [""; 0]);
    }

    #[test]
    fn files_that_contradict_each_other_are_found() {
        assert_eq!(codes(|f| f.writer_epoch = Epoch(3)), ["writer-above-promise"]);
        assert_eq!(codes(|f| f.committed = Some(TxId(7))), ["committed-ahead"]);
        assert_eq!(codes(|f| f.committed = Some(TxId(2))), ["committed-behind"]);
        assert_eq!(codes(|f| f.paxos[0] = recovery(4, 6, 3)), ["paxos-above-promise"]);
        assert_eq!(codes(|f| f.paxos[0] = recovery(4, 7, 2)), ["paxos-mismatch"]);
        assert_eq!(codes(|f| f.paxos[0] = recovery(7, 9, 2)), ["paxos-without-segment"]);
        let older = Some(LayoutVersion(-66));
        assert_eq!(codes(|f| f.segments[0].layout_version = older), ["other-layout"]);
    }
}
