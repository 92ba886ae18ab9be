use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use hadoop_ipc::server::{PassedConnection, Server};
use tokio::io::AsyncReadExt;
use tokio::task::spawn_blocking;
use tracing::warn;

use super::channel::{Channel, Parcel};
use super::message::Message;
use super::{Addresses, HandOverError, Sockets};
use crate::node::JournalNode;

/// Says in the environment which process started this one to go on in its place.
pub(super) const PREDECESSOR: &str = "JOURNALNODE_PREDECESSOR";
/// How long the old process may take for a message. It has less patience itself.
const LIMIT: Duration = Duration::from_secs(60);

/// The process that this one goes on for, before it has said anything.
#[derive(Debug)]
pub struct Predecessor(Channel);

/// The same, while it makes way.
#[derive(Debug)]
pub(crate) struct Standby(Channel);

impl Predecessor {
    /// The process that started this one to go on in its place, if one did. It is asked for at
    /// standard input, even if it is gone already: then this one must not serve.
    pub fn of_process() -> io::Result<Option<Self>> {
        if std::env::var_os(PREDECESSOR).is_none() {
            return Ok(None);
        }
        let stream = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
        // The name is inherited by whoever this process starts; the channel is not.
        if !stream.local_addr().is_ok_and(|address| address.is_unnamed()) {
            return Ok(None);
        }
        rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
        Ok(Some(Self(Channel::new(stream))))
    }

    /// Waits for its greeting, which brings the listening sockets.
    pub(crate) async fn greeted(self) -> Result<(Standby, Sockets), HandOverError> {
        let (channel, parcel) = receive(self.0).await?;
        let Parcel { message: Message::Hello { version, rpc, http, inspect }, descriptors, .. } =
            parcel
        else {
            return Err(refuse(channel, "the greeting is missing".to_owned()).await);
        };
        if version != Message::VERSION {
            let ours = Message::VERSION;
            let why = format!(
                "the running process hands over in version {version}, this binary takes \
                 {ours}: restart it plainly (systemctl restart), a roll after each node"
            );
            return Err(refuse(channel, why).await);
        }
        let addresses = Addresses { rpc, http, inspect };
        Ok((Standby(channel), Sockets::new(&addresses, descriptors)))
    }
}

impl Standby {
    /// Says why this process cannot go on.
    pub(crate) async fn refuse(self, why: String) -> HandOverError {
        refuse(self.0, why).await
    }

    /// Takes over the journals and the connections, and tells the old process once all is as it
    /// said. When this returns, they belong to this process.
    ///
    /// Until then nothing is changed. If the old process ends without giving up the hand-over it
    /// was killed: it kills this one before it goes on itself. Then, too, they belong to this one.
    pub(crate) async fn take_over(
        self,
        node: &JournalNode,
        server: &Server,
    ) -> Result<UnixStream, HandOverError> {
        let channel = say(self.0, Message::Ready).await?;
        let (channel, connections) = match take_all(channel, node).await? {
            Ok(taken) => taken,
            Err((channel, why)) => return Err(refuse(channel, why).await),
        };
        let channel = say(channel, Message::Verified).await?;
        let channel = await_go(channel).await?;
        for journal in node.loaded() {
            journal.take_up().await;
        }
        // Only now: whoever reads them, or drops them as usual, changes them for both.
        for connection in connections {
            if let Err(error) = server.resume_connection(connection) {
                // Mostly the client has just hung up.
                warn!("a connection is not taken over: {error}");
            }
        }
        Ok(channel.into_stream())
    }
}

/// Waits until the process at the other end is gone.
pub(crate) async fn gone(stream: UnixStream) {
    let ended = async {
        stream.set_nonblocking(true)?;
        let mut stream = tokio::net::UnixStream::from_std(stream)?;
        stream.read(&mut [0]).await
    };
    if let Err(error) = ended.await {
        warn!("the process before may still be there: {error}");
    }
}

type Taken = Result<(Channel, Vec<PassedConnection>), (Channel, String)>;

async fn take_all(mut channel: Channel, node: &JournalNode) -> Result<Taken, HandOverError> {
    let mut connections = Vec::new();
    loop {
        let parcel;
        (channel, parcel) = receive(channel).await?;
        let Parcel { message, body, mut descriptors } = parcel;
        let taken = match (message, descriptors.pop()) {
            (Message::Journal(journal), Some(lock)) => match journal.passed(lock) {
                Ok(passed) => {
                    let id = passed.id.clone();
                    node.resume(passed).map_err(|error| format!("journal {id}: {error}"))
                }
                Err(error) => Err(error.to_string()),
            },
            (Message::Connection(connection), Some(stream)) => {
                connections.push(connection.passed(stream, body));
                Ok(())
            }
            (Message::End, _) => return Ok(Ok((channel, connections))),
            (other, _) => Err(format!("{other:?} was not expected")),
        };
        if let Err(why) = taken {
            return Ok(Err((channel, why)));
        }
    }
}

async fn await_go(channel: Channel) -> Result<Channel, HandOverError> {
    let received = spawn_blocking(move || {
        let received = channel.receive(None);
        (channel, received)
    });
    let (channel, received) = received.await.map_err(io::Error::other)?;
    match received {
        Ok(Parcel { message: Message::Go, .. }) => Ok(channel),
        Ok(parcel) => Err(HandOverError::Language(format!("{:?}", parcel.message))),
        Err(error) if is_gone(&error) => {
            warn!("the process before was killed while it handed over: going on in its place");
            Ok(channel)
        }
        Err(error) => Err(error.into()),
    }
}

fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset)
}

async fn receive(channel: Channel) -> Result<(Channel, Parcel), HandOverError> {
    let received = spawn_blocking(move || {
        let received = channel.receive(Some(LIMIT));
        received.map(|parcel| (channel, parcel))
    });
    let received = received.await.map_err(io::Error::other)?;
    received.map_err(HandOverError::Channel)
}

async fn say(channel: Channel, message: Message) -> Result<Channel, HandOverError> {
    let said = spawn_blocking(move || channel.say(&message, LIMIT).map(|()| channel));
    Ok(said.await.map_err(io::Error::other)??)
}

async fn refuse(channel: Channel, why: String) -> HandOverError {
    // If it does not hear it, it sees this process end.
    let _ = say(channel, Message::Refused(why.clone())).await;
    HandOverError::Refused(why)
}
