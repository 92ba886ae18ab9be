use std::fmt::Write as _;
use std::time::Duration;

use super::{Answer, JmxFigures, NodeView, QuorumView};
use crate::types::TxId;

const HEAD: [&str; 11] = [
    "NODE",
    "STATE",
    "EPOCH",
    "WRITER",
    "SEGMENT",
    "LAST TXID",
    "COMMITTED",
    "LAG",
    "SYNC P99",
    "FREE",
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

fn row(view: &QuorumView, node: &NodeView) -> [String; 11] {
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
        shown(jmx.free_bytes.map(size)),
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
        Ok(Answer { jmx: Ok(JmxFigures { failed_segments: Some(1..), .. }), .. }) => {
            writeln!(text, "  {address}: its disk failed in at least one segment")
        }
        Ok(_) => Ok(()),
    };
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
    use crate::tools::status::Quorum;
    use crate::types::Epoch;

    #[test]
    fn columns_line_up_and_reasons_follow() {
        let uri = QuorumJournalUri::parse("qjournal://n1:8485;node2:8485/j").unwrap();
        let jmx = JmxFigures {
            version: Some("3.4.3, r1".to_owned()),
            sync_p99_micros: Some(1250),
            free_bytes: Some(5 << 30),
            writer_epoch: Some(Epoch(2)),
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
  NODE        STATE        EPOCH  WRITER  SEGMENT  LAST TXID  COMMITTED  LAG  SYNC P99  FREE   VERSION
  n1:8485     ok           2      2       8        40         40         0    1.25ms    5 GiB  3.4.3, r1
  node2:8485  unreachable  -      -       -        -          -          -    -         -      -
  node2:8485: cannot connect: refused
";
        assert_eq!(render(&view), expected);
    }

    fn host(name: &str) -> HostPort {
        HostPort { host: name.to_owned(), port: 8485 }
    }
}
