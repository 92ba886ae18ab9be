use std::error::Error;
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::time::timeout;

use super::{IndexView, JmxFigures};
use crate::types::{Epoch, TxId};

/// Both the journals' beans and `JournalNodeInfo`.
const QUERY: &str = "/jmx?qry=Hadoop:service=JournalNode,name=Journal*";
/// Longest answer that is read, in bytes.
const ANSWER_LIMIT_BYTES: usize = 16 << 20;

/// Reads the figures of a journal from a JournalNode at `http://host:port`.
pub(super) async fn read(
    http: &str,
    journal: &str,
    patience: Duration,
) -> Result<JmxFigures, String> {
    if !http.starts_with("http://") {
        return Err(format!("{http}: only http is spoken"));
    }
    let body = timeout(patience, fetch(&format!("{http}{QUERY}"))).await;
    let body = body.map_err(|_| format!("{http}/jmx: no answer within {patience:?}"))?;
    let body = body.map_err(|error| format!("{http}/jmx: {}", root_cause(error.as_ref())))?;
    let answer = serde_json::from_slice(&body).map_err(|error| format!("{http}/jmx: {error}"))?;
    figures(&answer, journal).ok_or_else(|| format!("{http}/jmx: no bean of journal {journal}"))
}

async fn fetch(url: &str) -> Result<Bytes, Box<dyn Error + Send + Sync>> {
    let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let response = client.request(hyper::Request::get(url).body(Empty::<Bytes>::new())?).await?;
    if !response.status().is_success() {
        return Err(response.status().to_string().into());
    }
    Ok(Limited::new(response.into_body(), ANSWER_LIMIT_BYTES).collect().await?.to_bytes())
}

/// hyper's own text stops at "client error (Connect)".
fn root_cause<'a>(mut error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

fn figures(answer: &Value, journal: &str) -> Option<JmxFigures> {
    let beans = answer.get("beans")?.as_array()?;
    let named = |name: &str| {
        let name = format!("Hadoop:service=JournalNode,name={name}");
        beans.iter().find(|bean| bean["name"] == name.as_str())
    };
    let bean = named(&format!("Journal-{journal}"))?;
    // Negative figures stand for what the node cannot know.
    let number = |key: &str| bean[key].as_i64().filter(|value| *value >= 0);
    let unsigned = |key: &str| number(key).map(i64::unsigned_abs);
    let text = |key: &str| bean[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let has_synced = number("Syncs60sNumOps") != Some(0);
    Some(JmxFigures {
        version: named("JournalNodeInfo")
            .and_then(|info| info["Version"].as_str().map(str::to_owned)),
        writer_epoch: number("LastWriterEpoch").map(Epoch),
        last_written: number("LastWrittenTxId").map(TxId),
        lag_txns: number("CurrentLagTxns"),
        sync_p99_micros: unsigned("Syncs60s99thPercentileLatencyMicros").filter(|_| has_synced),
        free_bytes: unsigned("FreeSpaceBytes"),
        out_of_service: bean["OutOfService"].as_bool(),
        failed_segments: unsigned("FailedSegments"),
        damaged_segments: unsigned("DamagedSegments"),
        stalled_ms: unsigned("StalledMillis"),
        last_write_ms: unsigned("LastJournalTimestamp").filter(|millis| *millis > 0),
        standing: text("Standing"),
        last_writer: text("LastWriter"),
        index: named("JournalNodeInfo").and_then(index),
    })
}

fn index(info: &Value) -> Option<IndexView> {
    let number = |key: &str| info[key].as_u64().unwrap_or(0);
    Some(IndexView {
        state: info["IndexState"].as_str()?.to_owned(),
        rebuilt: number("IndexSegmentsRebuilt"),
        needed: number("IndexSegmentsToRebuild"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const JAVA: &str = include_str!("../../../tests/golden/jn-jmx-hadoop-beans.json");

    #[test]
    fn the_beans_of_hadoops_journalnode_are_read() {
        let figures = figures(&serde_json::from_str(JAVA).unwrap(), "nsd1907").unwrap();
        let expected = JmxFigures {
            version: Some("3.4.3, r9d50c6884666e794e45102260a4017bb31802e1b".to_owned()),
            writer_epoch: Some(Epoch(3)),
            last_written: Some(TxId(11822)),
            lag_txns: Some(0),
            sync_p99_micros: Some(19573),
            last_write_ms: Some(1_795_397_753_847),
            ..JmxFigures::default()
        };
        assert_eq!(figures, expected);
    }

    #[test]
    fn our_own_attributes_are_read_too() {
        let answer = r#"{"beans":[{"name":"Hadoop:service=JournalNode,name=Journal-j",
            "Syncs60sNumOps":0,"Syncs60s99thPercentileLatencyMicros":0,"LastWriterEpoch":-1,
            "FreeSpaceBytes":5,"OutOfService":true,"FailedSegments":2,"Standing":"idle",
            "LastWriter":"","DamagedSegments":1,"StalledMillis":0,"LastJournalTimestamp":0},
            {"name":"Hadoop:service=JournalNode,name=JournalNodeInfo","IndexState":"rebuilding",
            "IndexSegmentsRebuilt":3,"IndexSegmentsToRebuild":9}]}"#;
        let figures = figures(&serde_json::from_str(answer).unwrap(), "j").unwrap();
        assert_eq!((figures.free_bytes, figures.failed_segments), (Some(5), Some(2)));
        assert_eq!((figures.sync_p99_micros, figures.writer_epoch), (None, None));
        assert_eq!(figures.out_of_service, Some(true));
        assert_eq!((figures.damaged_segments, figures.stalled_ms), (Some(1), Some(0)));
        assert_eq!((figures.standing.as_deref(), figures.last_writer), (Some("idle"), None));
        assert_eq!(figures.last_write_ms, None);
        let index = IndexView { state: "rebuilding".to_owned(), rebuilt: 3, needed: 9 };
        assert_eq!(figures.index, Some(index));
    }

    #[test]
    fn another_journal_or_another_page_is_nothing() {
        assert_eq!(figures(&serde_json::from_str(JAVA).unwrap(), "other"), None);
        for page in ["{}", "[]", "null", r#"{"beans":{}}"#, r#"{"beans":[1]}"#] {
            assert_eq!(figures(&serde_json::from_str(page).unwrap(), "j"), None, "{page}");
        }
    }
}
