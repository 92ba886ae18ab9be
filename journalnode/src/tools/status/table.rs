use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Answer, JmxFigures, NodeView, QuorumView};
use crate::types::TxId;

/// A disk that hangs this long, in milliseconds, is told.
const WORTH_A_REMARK_MS: u64 = 1000;

const HEAD: [&str; 13] = [
    "NODE",
    "STATE",
    "EPOCH",
    "WRITER",
    "SEGMENT",
    "LAST TXID",
    "COMMITTED",
    "LAG",
    "SYNC P99",
    "WROTE",
    "FREE",
    "INDEX",
    "VERSION",
];

/// One quorum for people.
pub(super) fn render(view: &QuorumView) -> String {
    let mut text = headline(view);
    let rows: Vec<_> = view.nodes.iter().map(|node| row(view, node)).collect();
    let rows: Vec<_> = std::iter::once(HEAD.map(str::to_owned)).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: Vec<_> = (0..HEAD.len()).map(width).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let _ = writeln!(text, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    for node in &view.nodes {
        remarks(node, &mut text);
    }
    text
}

fn headline(view: &QuorumView) -> String {
    let nameservice = view.quorum.nameservice.as_deref().unwrap_or("(no nameservice)");
    let quorum = if view.has_quorum() { "quorum" } else { "NO QUORUM" };
    format!(
        "{nameservice}, journal {}: {} of {} in step, {} needed: {quorum}; committed {}\n",
        view.quorum.uri.journal_id,
        view.in_step(),
        view.nodes.len(),
        view.majority(),
        shown(view.committed),
    )
}

fn row(view: &QuorumView, node: &NodeView) -> [String; 13] {
    let state = node.state(view.committed).word().to_owned();
    let nothing = Answer::not_formatted();
    let answer = node.answer.as_ref().unwrap_or(&nothing);
    let unknown = JmxFigures::default();
    let jmx = answer.jmx.as_ref().unwrap_or(&unknown);
    let lag = answer.formatted.then(|| answer.lag_txns(view.committed));
    [
        node.address.to_string(),
        state,
        shown(answer.promised_epoch),
        shown(jmx.writer_epoch),
        shown(answer.segment),
        shown(answer.last),
        shown(answer.committed),
        shown(lag),
        shown(jmx.sync_p99_micros.map(|micros| format!("{:?}", Duration::from_micros(micros)))),
        shown(jmx.last_write_ms.map(|millis| ago(millis, SystemTime::now()))),
        shown(jmx.free_bytes.map(size)),
        shown(jmx.index.as_ref()),
        shown(jmx.version.as_deref().map(|version| version.chars().take(24).collect::<String>())),
    ]
}

/// What does not fit into a cell.
fn remarks(node: &NodeView, text: &mut String) {
    let address = &node.address;
    let _ = match &node.answer {
        Err(reason) => writeln!(text, "  {address}: {reason}"),
        Ok(Answer { formatted: true, jmx: Err(reason), .. }) => {
            writeln!(text, "  {address}: figures are missing: {reason}")
        }
        Ok(Answer { jmx: Ok(jmx), .. }) => {
            remarks_of(jmx).into_iter().try_for_each(|said| writeln!(text, "  {address}: {said}"))
        }
        Ok(_) => Ok(()),
    };
}

fn remarks_of(jmx: &JmxFigures) -> Vec<String> {
    let mut remarks = Vec::new();
    if jmx.failed_segments > Some(0) {
        remarks.push("its disk failed in at least one segment".to_owned());
    }
    if let Some(damaged @ 1..) = jmx.damaged_segments {
        remarks.push(format!("{damaged} of its finished segments are damaged"));
    }
    if let Some(millis @ WORTH_A_REMARK_MS..) = jmx.stalled_ms {
        remarks.push(format!("its disk has not got on for {}s", millis / 1000));
    }
    match jmx.standing.as_deref() {
        Some("awaiting-writer") => remarks.push("waits for the writer: -rollEdits".to_owned()),
        Some("out-of-step") => remarks.push("the writer leaves it out: -rollEdits".to_owned()),
        _ => {}
    }
    remarks
}

/// How long ago, in the largest unit that fits.
fn ago(millis: u64, now: SystemTime) -> String {
    let then = UNIX_EPOCH + Duration::from_millis(millis);
    match now.duration_since(then).unwrap_or_default().as_secs() {
        seconds @ 0..120 => format!("{seconds}s"),
        seconds @ 120..7200 => format!("{}m", seconds / 60),
        seconds @ 7200..172_800 => format!("{}h", seconds / 3600),
        seconds => format!("{}d", seconds / 86_400),
    }
}

fn shown(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn size(bytes: u64) -> String {
    match bytes {
        0..0x4000_0000 => format!("{} MiB", bytes >> 20),
        _ => format!("{} GiB", bytes >> 30),
    }
}

impl QuorumView {
    /// The highest transaction that any node has.
    pub(super) fn last(&self) -> Option<TxId> {
        self.nodes.iter().filter_map(|node| node.answer.as_ref().ok()?.last).max()
    }
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::{HostPort, QuorumJournalUri};

    use super::*;
    use crate::tools::status::{IndexView, Quorum};
    use crate::types::Epoch;

    #[test]
    fn columns_line_up_and_reasons_follow() {
        let uri = QuorumJournalUri::parse("qjournal://n1:8485;node2:8485/j").unwrap();
        let jmx = JmxFigures {
            version: Some("3.4.3, r1".to_owned()),
            sync_p99_micros: Some(1250),
            free_bytes: Some(5 << 30),
            writer_epoch: Some(Epoch(2)),
            standing: Some("awaiting-writer".to_owned()),
            stalled_ms: Some(3100),
            index: Some(IndexView { state: "rebuilding".to_owned(), rebuilt: 3, needed: 9 }),
            ..JmxFigures::default()
        };
        let answer = Answer {
            formatted: true,
            promised_epoch: Some(Epoch(2)),
            segment: Some(TxId(8)),
            last: Some(TxId(40)),
            committed: Some(TxId(40)),
            jmx: Ok(jmx),
            ..Answer::not_formatted()
        };
        let nodes = vec![
            NodeView { address: host("n1"), answer: Ok(answer) },
            NodeView { address: host("node2"), answer: Err("cannot connect: refused".into()) },
        ];
        let quorum = Quorum { nameservice: Some("j".to_owned()), uri };
        let view = QuorumView { quorum, committed: Some(TxId(40)), nodes };
        let expected = "\
j, journal j: 1 of 2 in step, 2 needed: NO QUORUM; committed 40
  NODE        STATE        EPOCH  WRITER  SEGMENT  LAST TXID  COMMITTED  LAG  SYNC P99  WROTE  FREE   INDEX              VERSION
  n1:8485     ok           2      2       8        40         40         0    1.25ms    -      5 GiB  rebuilding 3 of 9  3.4.3, r1
  node2:8485  unreachable  -      -       -        -          -          -    -         -      -      -                  -
  n1:8485: its disk has not got on for 3s
  n1:8485: waits for the writer: -rollEdits
  node2:8485: cannot connect: refused
";
        assert_eq!(render(&view), expected);
    }

    #[test]
    fn ages_are_short() {
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000);
        let shown = |seconds: u64| ago((1_000_000 - seconds) * 1000, now);
        assert_eq!([0, 119, 120, 7200, 200_000].map(shown), ["0s", "119s", "2m", "2h", "2d"]);
        assert_eq!(ago(2_000_000_000, now), "0s");
    }

    fn host(name: &str) -> HostPort {
        HostPort { host: name.to_owned(), port: 8485 }
    }
}
