use crate::client::{Answer, get};
use crate::daemon::{CLUSTER, Daemon, NAMESPACE, Writer};

/// What a real JournalNode answered: path, status line, headers, and the length of the body.
const GOLDEN: &str = include_str!("../golden/jn-http.txt");

/// Differ with every answer, or belong to files and chunks that are not the same here.
const NOT_COMPARED: [&str; 6] =
    ["Date", "Expires", "Content-Length", "Transfer-Encoding", "Last-Modified", "Accept-Ranges"];

struct Recorded {
    path: String,
    status: u16,
    headers: Vec<(String, String)>,
}

fn recorded() -> Vec<Recorded> {
    let answers = GOLDEN.split("GET ").skip(1);
    answers
        .map(|answer| {
            let mut lines = answer.lines();
            let path = lines.next().unwrap().to_owned();
            let status = lines.next().unwrap().split(' ').next().unwrap().parse().unwrap();
            let headers = lines
                .map_while(|line| line.split_once(": "))
                .filter(|(name, _)| !name.starts_with("body"));
            let headers =
                headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            Recorded { path, status, headers }
        })
        .collect()
}

fn assert_same_headers(recorded: &Recorded, answer: &Answer) {
    for (name, value) in &recorded.headers {
        if NOT_COMPARED.contains(&name.as_str()) {
            assert!(
                name == "Transfer-Encoding"
                    || name == "Last-Modified"
                    || name == "Accept-Ranges"
                    || answer.header(name).is_some(),
                "{} lacks {name}",
                recorded.path
            );
        } else if name == "Location" {
            assert_eq!(answer.header(name), Some("http://jn:8480/index.html"));
        } else {
            assert_eq!(answer.header(name), Some(value.as_str()), "{} {name}", recorded.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_123_jn_131_statuses_and_headers_are_those_that_java_sent() {
    let daemon = Daemon::start().await;
    let journal = daemon.formatted("nsd1907").await;
    let mut writer = Writer::new(&journal);
    writer.start(1).await;
    writer.write(1, 7, &[0x11; 386]).await;
    writer.finalize(1, 7).await;
    let answers = recorded();
    assert_eq!(answers.len(), 12);
    // Served here though Java does not by default.
    for recorded in answers.iter().filter(|recorded| recorded.path != "/prom") {
        let answer = get(daemon.address, &recorded.path).await;
        assert_eq!(answer.status, recorded.status, "{}", recorded.path);
        assert_same_headers(recorded, &answer);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_124_jn_125_error_pages_are_those_that_java_sent() {
    let daemon = Daemon::start().await;
    daemon.filled("nsd1907").await;
    let page = |start: &str| {
        let page = &GOLDEN[GOLDEN.find(start).unwrap()..];
        let page = &page[page.find("<html>").unwrap()..];
        page[..page.find("</html>").unwrap_or(page.len())].to_owned() + "</html>\n"
    };
    let storage = format!("-67%3A{NAMESPACE}%3A1795397546541%3A{CLUSTER}");
    let absent = format!("/getJournal?jid=nsd1907&segmentTxId=99999999&storageInfo={storage}");
    assert_eq!(get(daemon.address, &absent).await.text(), page(&absent));
    let foreign = "/getJournal?jid=nsd1907&segmentTxId=1&storageInfo=-67%3A1%3A0%3ACID-wrong";
    assert_eq!(get(daemon.address, foreign).await.body.len(), 895);
}
