//! Whether the loop that accepts connections turns.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use hadoop_ipc::server::{Server, ServerOptions};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::{stub::Stub, wire::*};

const EVERY: Duration = Duration::from_millis(2);

/// A server that tells its turns, the only thread of which is the test's.
async fn start() -> (SocketAddr, Arc<Stub>, Arc<AtomicU64>) {
    let stub = Stub::new();
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    let server =
        Server::bind(loopback, ServerOptions::default(), vec![stub.clone()]).await.unwrap();
    let turns = Arc::new(AtomicU64::new(0));
    let told = Arc::clone(&turns);
    let address = server.local_addr();
    let server = server.telling_turns(EVERY, move || {
        told.fetch_add(1, Relaxed);
    });
    tokio::spawn(server.serve(std::future::pending()));
    (address, stub, turns)
}

async fn await_more(turns: &AtomicU64) {
    let seen = turns.load(Relaxed);
    let more = async {
        while turns.load(Relaxed) < seen + 3 {
            tokio::time::sleep(EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, more).await.expect("it does not turn");
}

#[tokio::test]
async fn it_turns_while_nobody_comes_and_while_calls_take_long() {
    let (address, stub, turns) = start().await;
    await_more(&turns).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let opening = [NONE.to_vec(), context(Some("hdfs")), call(0, "slow", b"x")].concat();
    stream.write_all(&opening).await.unwrap();
    stub.entered.acquire().await.unwrap().forget();
    await_more(&turns).await;
    stub.gate.add_permits(1);
}

/// Whatever task it is that never gives its thread back.
#[tokio::test]
async fn it_is_silent_while_the_runtime_is_stuck() {
    let (_, _, turns) = start().await;
    await_more(&turns).await;
    let watched = Arc::clone(&turns);
    let watcher = std::thread::spawn(move || {
        let before = watched.load(Relaxed);
        let end = Instant::now() + 20 * EVERY;
        while Instant::now() < end {
            std::thread::yield_now();
        }
        watched.load(Relaxed) - before
    });
    // The only thread waits here.
    assert_eq!(watcher.join().unwrap(), 0);
    await_more(&turns).await;
}
