use futures_util::future::join_all;
use hadoop_ipc::conf::HostPort;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::journals::JournalView;
use super::{Finding, http_date};
use crate::settings::NameserviceSettings;
use crate::tools::context::PATIENCE;
use crate::tools::time;

const AREA: &str = "clocks";
/// A date in HTTP has whole seconds, and the answer took its time: less says nothing.
const TOLERANCE_SECONDS: i64 = 2;
/// The date is in the head of the answer.
const HEAD_LIMIT_BYTES: u64 = 16 << 10;

/// The clock of a host, in seconds ahead of ours; else why nobody knows.
pub(super) type Clock = (String, Result<i64, String>);

/// Reads the clocks of all hosts with a web server of Hadoop. Nothing has to be written for it.
pub(super) async fn look(
    settings: &NameserviceSettings,
    journal: &Result<Option<JournalView>, String>,
) -> Vec<Clock> {
    let namenodes = settings.good_namenodes().filter(|namenode| !namenode.https);
    let mut servers: Vec<_> = namenodes
        .map(|namenode| (namenode.id.namenode.clone(), namenode.http_address.clone()))
        .collect();
    if let Ok(Some(view)) = journal {
        let answers = view.nodes.iter().filter_map(|(node, answer)| {
            let port = answer.as_ref().ok()?.http_port;
            (port > 0).then(|| (node.to_string(), HostPort { host: node.host.clone(), port }))
        });
        servers.extend(answers);
    }
    join_all(servers.into_iter().map(async |(name, address)| (name, ahead(&address).await))).await
}

async fn ahead(address: &HostPort) -> Result<i64, String> {
    let head = timeout(PATIENCE, head_of(address)).await;
    let head = head.map_err(|_| format!("{address}: no answer within {PATIENCE:?}"))?;
    let head = head.map_err(|error| format!("{address}: {error}"))?;
    let now = i64::try_from(time::now_ms() / 1000).unwrap_or(i64::MAX);
    let date = http_date::of_head(&head);
    date.map(|date| date - now).ok_or_else(|| format!("{address}: its answer has no date"))
}

async fn head_of(address: &HostPort) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((address.host.as_str(), address.port)).await?;
    let request = format!("HEAD / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    stream.take(HEAD_LIMIT_BYTES).read_to_end(&mut head).await?;
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// A row for each clock. No election depends on them: sessions and limits are measured as
/// spans.
pub(super) fn check(clocks: &[Clock]) -> Vec<Finding> {
    let row = |(name, ahead): &Clock| match ahead {
        Err(why) => Finding::unknown(AREA, name, why),
        Ok(ahead) if ahead.abs() <= TOLERANCE_SECONDS => {
            Finding::good(AREA, name, "as here, within what a web server tells")
        }
        Ok(ahead) => {
            let how = if *ahead > 0 { "ahead of" } else { "behind" };
            Finding::doubtful(
                AREA,
                name,
                format!("{} s {how} this host", ahead.abs()),
                "let chrony or ntpd set all clocks: log files cannot be compared, and Kerberos \
                 refuses more than five minutes",
            )
        }
    };
    clocks.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::doctor::Verdict;

    #[test]
    fn only_what_a_date_can_tell_is_told() {
        let verdict = |ahead| check(&[("nn1".to_owned(), ahead)])[0].verdict;
        assert_eq!([Ok(0), Ok(-2), Ok(2)].map(verdict), [Verdict::Good; 3]);
        assert_eq!([Ok(-3), Ok(400)].map(verdict), [Verdict::Doubtful; 2]);
        assert_eq!(verdict(Err("refused".to_owned())), Verdict::Unknown);
    }
}
