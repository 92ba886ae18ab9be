use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Longer than any test.
const FOREVER: Duration = Duration::from_secs(600);

/// An HTTP server that gives one answer, whatever it is asked.
pub struct Peer {
    pub url: String,
    /// Told when somebody asked.
    pub asked: oneshot::Receiver<()>,
    serving: JoinHandle<()>,
}

impl Peer {
    /// Answers with these bytes and hangs up.
    pub async fn answering(answer: Vec<u8>) -> Self {
        Self::start(Some(answer)).await
    }

    /// Takes the request and says nothing.
    pub async fn hanging() -> Self {
        Self::start(None).await
    }

    /// An address where nobody listens.
    pub async fn absent() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/getJournal", listener.local_addr().unwrap())
    }

    async fn start(answer: Option<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/getJournal?jid=j", listener.local_addr().unwrap());
        let (tell, asked) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await;
            let _ = tell.send(());
            match answer {
                Some(answer) => stream.write_all(&answer).await.unwrap(),
                None => tokio::time::sleep(FOREVER).await,
            }
        });
        Self { url, asked, serving }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await.unwrap());
    }
}

/// An answer with these headers besides the status line.
pub fn answer(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// What a JournalNode sends for a segment.
pub fn segment_answer(body: &[u8]) -> Vec<u8> {
    answer("200 OK", &[("Content-Length", &body.len().to_string())], body)
}
