use std::fmt::Write as _;

use hadoop_proto::inspect::v1::HistoryEvent;
use serde_json::{Value, json};

use crate::tools::inspection::utc;

const HEAD: [&str; 6] = ["TIME", "WHAT", "EPOCH", "TXIDS", "PEER", "NOTE"];

/// Events for people, the newest last.
pub(super) fn render(events: &[HistoryEvent]) -> String {
    let rows = events.iter().map(row);
    let rows: Vec<_> = std::iter::once(HEAD.map(str::to_owned)).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: Vec<_> = (0..HEAD.len()).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

fn row(event: &HistoryEvent) -> [String; 6] {
    let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    [
        utc(event.at_ms),
        event.what.clone(),
        event.epoch.map_or_else(|| "-".to_owned(), |epoch| epoch.to_string()),
        txids(event),
        shown(&event.peer),
        event.note.clone().unwrap_or_default(),
    ]
}

fn txids(event: &HistoryEvent) -> String {
    match (event.first_txid, event.last_txid) {
        (Some(first), Some(last)) => format!("{first}-{last}"),
        (Some(first), None) => format!("{first}-"),
        (None, _) => "-".to_owned(),
    }
}

/// An event for scripts. What is not known is null.
pub(super) fn json(event: &HistoryEvent) -> Value {
    json!({
        "seq": event.seq,
        "time": utc(event.at_ms),
        "at_ms": event.at_ms,
        "what": event.what,
        "epoch": event.epoch,
        "first_txid": event.first_txid,
        "last_txid": event.last_txid,
        "peer": event.peer,
        "note": event.note,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let promised = HistoryEvent {
            seq: 1,
            at_ms: 1_795_397_546_541,
            what: "promised".into(),
            epoch: Some(3),
            peer: Some("10.0.0.1:41234".into()),
            ..HistoryEvent::default()
        };
        let damaged = HistoryEvent {
            what: "segment-damaged".into(),
            epoch: None,
            first_txid: Some(4),
            last_txid: Some(9),
            peer: None,
            note: Some("bad checksum".into()),
            ..promised.clone()
        };
        let expected = "\
TIME                      WHAT             EPOCH  TXIDS  PEER            NOTE
2026-11-23 01:32:26.541Z  promised         3      -      10.0.0.1:41234
2026-11-23 01:32:26.541Z  segment-damaged  -      4-9    -               bad checksum
";
        assert_eq!(render(&[promised.clone(), damaged]), expected);
        assert_eq!(json(&promised)["first_txid"], Value::Null);
    }
}
