use std::io::{self, ErrorKind};
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use futures_util::future::join_all;
use hadoop_ipc::conf::HostPort;
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// What a look at a host shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Knock {
    /// Nothing came back.
    Silent,
    /// Somebody is there, even if only to refuse.
    Answered(String),
    /// It says nothing of the host, such as a name without an address.
    Unclear(String),
}

/// Connects to all `doors` side by side. One answer is enough for a host that lives, and one
/// thing unclear for a look that proves nothing.
pub(super) async fn knock_at_all(doors: &[HostPort], patience: Duration) -> Knock {
    let knocks = join_all(doors.iter().map(|door| knock(door, patience))).await;
    worst(knocks)
}

fn worst(knocks: impl IntoIterator<Item = Knock>) -> Knock {
    let mut all = None;
    for knock in knocks {
        match (&all, &knock) {
            (_, Knock::Answered(_)) => return knock,
            (None | Some(Knock::Silent), _) => all = Some(knock),
            _ => {}
        }
    }
    all.unwrap_or_else(|| Knock::Unclear("there is no address to knock at".to_owned()))
}

async fn knock(door: &HostPort, patience: Duration) -> Knock {
    match timeout(patience, resolve(door.clone())).await {
        Ok(Ok(addresses)) => {
            let knocks = addresses.into_iter().map(|address| knock_at(address, patience));
            worst(join_all(knocks).await)
        }
        Ok(Err(error)) => Knock::Unclear(format!("cannot resolve {}: {error}", door.host)),
        Err(_) => Knock::Unclear(format!("cannot resolve {} in time", door.host)),
    }
}

/// Anew each time: a host that moved is looked for where it is now.
async fn resolve(door: HostPort) -> io::Result<Vec<SocketAddr>> {
    let resolved = spawn_blocking(move || {
        (door.host.as_str(), door.port).to_socket_addrs().map(Iterator::collect)
    });
    resolved.await.map_err(io::Error::other)?
}

async fn knock_at(address: SocketAddr, patience: Duration) -> Knock {
    match timeout(patience, TcpStream::connect(address)).await {
        Err(_) => Knock::Silent,
        Ok(Ok(_)) => Knock::Answered(format!("{address} takes connections")),
        Ok(Err(error)) => failed(address, &error),
    }
}

fn failed(address: SocketAddr, error: &io::Error) -> Knock {
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            Knock::Silent
        }
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => {
            Knock::Answered(format!("{address} answers: {error}"))
        }
        _ => Knock::Unclear(format!("cannot knock at {address}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use rustix::net::{AddressFamily, SocketType, bind, listen, socket};

    use super::*;

    const PATIENCE: Duration = Duration::from_millis(300);

    fn door(host: &str, port: u16) -> HostPort {
        HostPort { host: host.to_owned(), port }
    }

    /// A port that takes no more connections and refuses none: the queue of its listener is full.
    async fn silent_port() -> (impl Sized, u16) {
        let listener = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        bind(&listener, &SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        listen(&listener, 0).unwrap();
        let listener = std::net::TcpListener::from(listener);
        let address = listener.local_addr().unwrap();
        let mut queued = Vec::new();
        while let Ok(Ok(stream)) = timeout(PATIENCE, TcpStream::connect(address)).await {
            queued.push(stream);
        }
        ((listener, queued), address.port())
    }

    async fn refusing_port() -> u16 {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    }

    #[tokio::test]
    async fn a_connect_that_hangs_is_silence() {
        let (_kept, port) = silent_port().await;
        assert_eq!(knock_at_all(&[door("127.0.0.1", port)], PATIENCE).await, Knock::Silent);
    }

    #[tokio::test]
    async fn a_refused_port_and_an_open_one_show_that_the_host_lives() {
        let (_kept, silent) = silent_port().await;
        let refusing = refusing_port().await;
        let open = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let open = open.local_addr().unwrap().port();
        for (port, told) in [(refusing, "refused"), (open, "127.0.0.1:")] {
            let doors = [door("127.0.0.1", silent), door("127.0.0.1", port)];
            let Knock::Answered(text) = knock_at_all(&doors, PATIENCE).await else {
                panic!("{port} did not answer")
            };
            assert!(text.contains(told), "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_without_an_address_proves_nothing_and_hides_no_answer() {
        let (_kept, silent) = silent_port().await;
        let nowhere = door("no-such-host.invalid", 1);
        let look = knock_at_all(&[door("127.0.0.1", silent), nowhere.clone()], PATIENCE).await;
        assert!(matches!(look, Knock::Unclear(_)), "{look:?}");
        let refusing = door("127.0.0.1", refusing_port().await);
        let look = knock_at_all(&[nowhere, refusing], PATIENCE).await;
        assert!(matches!(look, Knock::Answered(_)), "{look:?}");
    }

    #[test]
    fn only_what_comes_from_the_way_there_is_silence() {
        let address = SocketAddr::from(([192, 0, 2, 1], 8020));
        let of = |kind: ErrorKind| failed(address, &io::Error::from(kind));
        for kind in [ErrorKind::TimedOut, ErrorKind::HostUnreachable, ErrorKind::NetworkUnreachable]
        {
            assert_eq!(of(kind), Knock::Silent);
        }
        for kind in [ErrorKind::ConnectionRefused, ErrorKind::ConnectionReset] {
            assert!(matches!(of(kind), Knock::Answered(_)), "{kind}");
        }
        for kind in [ErrorKind::PermissionDenied, ErrorKind::AddrNotAvailable, ErrorKind::Other] {
            assert!(matches!(of(kind), Knock::Unclear(_)), "{kind}");
        }
    }
}
