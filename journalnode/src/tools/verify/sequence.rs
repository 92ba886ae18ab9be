use super::{Finding, Problem, SegmentFacts};
use crate::types::TxId;

/// Gaps and overlaps between the segments of a journal.
pub(super) fn check(segments: &[SegmentFacts]) -> Vec<Finding> {
    let mut sorted: Vec<&SegmentFacts> = segments.iter().collect();
    sorted.sort_by(|a, b| (a.file, &a.name).cmp(&(b.file, &b.name)));
    let newest = newest_in_progress(segments);
    let mut findings = Vec::new();
    let mut end: Option<(TxId, &str)> = None;
    for segment in sorted {
        let first = segment.file.first;
        match segment.file.last {
            None if newest != Some(first) => findings.push(at(segment, Problem::LeftInProgress)),
            None => findings.extend(joint(end, segment)),
            Some(last) if last < first => findings.push(at(segment, Problem::Backwards)),
            Some(last) => {
                findings.extend(joint(end, segment));
                end = end.filter(|(end, _)| *end >= last).or(Some((last, &segment.name)));
            }
        }
    }
    findings
}

/// The first transaction of the segment in progress that has no successor.
pub(super) fn newest_in_progress(segments: &[SegmentFacts]) -> Option<TxId> {
    let newest = segments.iter().max_by_key(|segment| segment.file.first)?.file.first;
    let is_finalized = |s: &&SegmentFacts| s.file.first == newest && !s.file.is_in_progress();
    (!segments.iter().any(|segment| is_finalized(&segment))).then_some(newest)
}

fn joint(end: Option<(TxId, &str)>, segment: &SegmentFacts) -> Option<Finding> {
    let (last, other) = end?;
    let first = segment.file.first;
    if first <= last {
        return Some(at(segment, Problem::Overlap { other: other.to_owned(), last }));
    }
    let gap = Problem::Gap { first: last.next(), last: first.previous() };
    (first != last.next()).then(|| at(segment, gap))
}

fn at(segment: &SegmentFacts, problem: Problem) -> Finding {
    Finding::new(format!("current/{}", segment.name), problem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::SegmentFile;

    fn facts(file: SegmentFile) -> SegmentFacts {
        let (first, last) = (Some(file.first), file.last);
        SegmentFacts {
            name: file.to_string(),
            file,
            layout_version: None,
            first,
            last,
            operations: 1,
        }
    }

    fn problems(finalized: &[(i64, i64)], in_progress: &[i64]) -> Vec<Problem> {
        let finalized =
            finalized.iter().map(|(first, last)| SegmentFile::finalized(TxId(*first), TxId(*last)));
        let open = in_progress.iter().map(|first| SegmentFile::in_progress(TxId(*first)));
        let segments: Vec<_> = open.chain(finalized).map(facts).collect();
        check(&segments).into_iter().map(|finding| finding.problem).collect()
    }

    fn gap(first: i64, last: i64) -> Problem {
        Problem::Gap { first: TxId(first), last: TxId(last) }
    }

    #[test]
    fn segments_without_a_gap_are_clean() {
        assert_eq!(problems(&[(1, 3), (4, 4), (5, 9)], &[10]), []);
        assert_eq!(problems(&[(100, 103)], &[]), [], "older ones were purged");
        assert_eq!(problems(&[], &[1]), []);
    }

    #[test]
    fn gaps_and_overlaps_are_found() {
        assert_eq!(problems(&[(1, 3), (7, 9)], &[15]), [gap(4, 6), gap(10, 14)]);
        let overlap = |problems: Vec<Problem>| matches!(problems[..], [Problem::Overlap { .. }]);
        assert!(overlap(problems(&[(1, 5), (5, 9)], &[10])));
        assert!(overlap(problems(&[(1, 9), (3, 4), (10, 11)], &[])));
        assert!(overlap(
            problems(&[(1, 5), (6, 9)], &[]).into_iter().chain(problems(&[(1, 5)], &[3])).collect()
        ));
    }

    #[test]
    fn an_in_progress_segment_with_successors_was_left() {
        assert_eq!(problems(&[(1, 3), (9, 12)], &[4, 13]), [Problem::LeftInProgress, gap(4, 8)]);
        assert_eq!(problems(&[(1, 3)], &[1]), [Problem::LeftInProgress], "and its own twin");
        assert_eq!(problems(&[(9, 3)], &[]), [Problem::Backwards]);
    }
}
