use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddrV4, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};

/// Forwards connections to a server while it is open. Shut, it ends those there are and takes no
/// others, while the server lives on.
#[derive(Debug)]
pub struct Gate {
    address: SocketAddrV4,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    is_shut: bool,
    passing: Vec<TcpStream>,
}

impl Gate {
    /// An open gate in front of `server`. Its thread ends with the process.
    pub fn before(server: SocketAddrV4) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr().context("a bound listener has an address")?.port();
        let state = Arc::<Mutex<State>>::default();
        let shared = state.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // A server that is down looks like a shut gate.
                let _ = admit(&shared, client, server);
            }
        });
        Ok(Self { address: SocketAddrV4::new(Ipv4Addr::LOCALHOST, port), state })
    }

    /// Where to connect.
    pub fn address(&self) -> SocketAddrV4 {
        self.address
    }

    /// Cuts all connections off, and those to come.
    pub fn shut(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_shut = true;
        for stream in state.passing.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Lets connections pass again.
    pub fn open(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).is_shut = false;
    }
}

fn admit(state: &Mutex<State>, client: TcpStream, server: SocketAddrV4) -> io::Result<()> {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    if state.is_shut {
        return Ok(());
    }
    let server = TcpStream::connect(server)?;
    forward(client.try_clone()?, server.try_clone()?);
    forward(server.try_clone()?, client.try_clone()?);
    state.passing.extend([client, server]);
    Ok(())
}

fn forward(mut from: TcpStream, mut to: TcpStream) {
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    });
}
