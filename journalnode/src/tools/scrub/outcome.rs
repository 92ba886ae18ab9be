use hadoop_proto::inspect::v1::scrub_finding::Verdict;
use hadoop_proto::inspect::v1::{ScrubFinding, ScrubSummary};
use serde_json::{Value, json};

use hadoop_ipc::tools::ToolExit;

/// A word for scripts, which does not change.
fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Damaged => "damaged",
        Verdict::Healed => "healed",
        Verdict::Unknown | Verdict::Unspecified => "unknown",
    }
}

/// A finding for people.
pub(super) fn text(finding: &ScrubFinding) -> String {
    let ScrubFinding { journal, first_txid, last_txid, what, .. } = finding;
    let verdict = word(finding.verdict());
    let rest = match (finding.verdict(), &finding.not_healed) {
        (Verdict::Healed, _) => "; replaced by a good copy, the bad one is kept beside it".into(),
        (_, Some(why)) => format!("; not replaced: {why}"),
        _ => String::new(),
    };
    format!("{verdict}: journal {journal}, segment {first_txid}-{last_txid}: {what}{rest}")
}

/// The same for scripts.
pub(super) fn finding_json(finding: &ScrubFinding) -> Value {
    json!({
        "journal": finding.journal,
        "first_txid": finding.first_txid,
        "last_txid": finding.last_txid,
        "verdict": word(finding.verdict()),
        "what": finding.what,
        "not_healed": finding.not_healed,
    })
}

/// The last line for people.
pub(super) fn summary_text(summary: &ScrubSummary) -> String {
    let ScrubSummary { segments, bytes, damaged, healed, unknown } = *summary;
    format!(
        "{segments} segments, {} MiB read: {damaged} damaged, {healed} of them healed; {unknown} \
         could not be read",
        bytes >> 20
    )
}

/// The last line for scripts.
pub(super) fn summary_json(summary: &ScrubSummary) -> Value {
    let ScrubSummary { segments, bytes, damaged, healed, unknown } = *summary;
    json!({
        "end": true,
        "segments": segments,
        "bytes": bytes,
        "damaged": damaged,
        "healed": healed,
        "unknown": unknown,
    })
}

/// A disk that rots is worth knowing of, also when a peer could help.
pub(super) fn exit(summary: &ScrubSummary) -> ToolExit {
    match (summary.damaged, summary.unknown) {
        (0, 0) => ToolExit::Clean,
        (0, _) => ToolExit::Failed,
        _ => ToolExit::Found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(verdict: Verdict, not_healed: Option<&str>) -> ScrubFinding {
        ScrubFinding {
            journal: "j".into(),
            first_txid: 4,
            last_txid: 9,
            verdict: verdict.into(),
            what: "the checksum is wrong".into(),
            not_healed: not_healed.map(str::to_owned),
        }
    }

    #[test]
    fn a_finding_says_what_became_of_it() {
        let healed = text(&finding(Verdict::Healed, None));
        assert!(healed.starts_with("healed: journal j, segment 4-9: the checksum is wrong; "));
        let damaged = text(&finding(Verdict::Damaged, Some("nobody has it")));
        assert!(damaged.ends_with("; not replaced: nobody has it"), "{damaged}");
        assert_eq!(finding_json(&finding(Verdict::Damaged, None))["verdict"], "damaged");
    }

    #[test]
    fn damage_is_found_and_what_cannot_be_read_is_a_failure() {
        let exit = |damaged, healed, unknown| {
            exit(&ScrubSummary { segments: 3, bytes: 1, damaged, healed, unknown })
        };
        assert_eq!(exit(0, 0, 0), ToolExit::Clean);
        assert_eq!(exit(1, 1, 0), ToolExit::Found);
        assert_eq!(exit(1, 0, 1), ToolExit::Found);
        assert_eq!(exit(0, 0, 1), ToolExit::Failed);
    }
}
