//! The way to a NameNode, and what may happen on it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How connections through the proxy end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    EndOfStream,
    Reset,
}

pub struct Proxy {
    pub address: SocketAddr,
    /// The latest cut, and how many there were.
    cuts: watch::Sender<(Cut, u32)>,
    accepted: Arc<Mutex<u32>>,
    listening: JoinHandle<()>,
}

impl Proxy {
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let cuts = watch::Sender::new((Cut::EndOfStream, 0));
        let accepted = Arc::new(Mutex::new(0));
        let (counted, subscribe) = (Arc::clone(&accepted), cuts.clone());
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                *counted.lock().unwrap() += 1;
                tokio::spawn(carry(client, server, subscribe.subscribe()));
            }
        });
        Self { address, cuts, accepted, listening }
    }

    /// Ends every connection; new ones are carried on.
    pub fn cut(&self, how: Cut) {
        self.cuts.send_modify(|(last, count)| (*last, *count) = (how, *count + 1));
    }

    /// New connections are refused from now on.
    pub async fn refuse(&mut self) {
        self.listening.abort();
        let _ = (&mut self.listening).await;
    }

    pub fn accepted(&self) -> u32 {
        *self.accepted.lock().unwrap()
    }
}

async fn carry(mut client: TcpStream, server: SocketAddr, mut cuts: watch::Receiver<(Cut, u32)>) {
    let mut server = TcpStream::connect(server).await.unwrap();
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => {}
        _ = cuts.changed() => {
            if cuts.borrow().0 == Cut::Reset {
                rustix::net::sockopt::set_socket_linger(&client, Some(Duration::ZERO)).unwrap();
            }
        }
    }
}
