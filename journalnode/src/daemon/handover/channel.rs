use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

use super::message::Message;

/// Longest message, in bytes.
const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;
/// Most that may come with a message, in bytes: half a request that was read already.
const MAX_BODY_BYTES: usize = 1024 * 1024 * 1024;
/// Descriptors that a message brings at most: the listening sockets.
const MAX_DESCRIPTORS: usize = 3;
/// Length of a message, length of what comes with it.
const HEAD_BYTES: usize = 8;

/// Between the two processes: messages, bytes and descriptors, in order. Blocking.
#[derive(Debug)]
pub(super) struct Channel(UnixStream);

/// What came with one message.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) message: Message,
    pub(super) body: Vec<u8>,
    pub(super) descriptors: Vec<OwnedFd>,
}

impl Channel {
    pub(super) fn new(stream: UnixStream) -> Self {
        Self(stream)
    }

    pub(super) fn into_stream(self) -> UnixStream {
        self.0
    }

    /// Sends a message alone.
    pub(super) fn say(&self, message: &Message, limit: Duration) -> io::Result<()> {
        self.send(message, &[], &[], limit)
    }

    /// Sends a message; a peer that takes nothing for so long is an error.
    pub(super) fn send(
        &self,
        message: &Message,
        body: &[u8],
        descriptors: &[BorrowedFd<'_>],
        limit: Duration,
    ) -> io::Result<()> {
        self.0.set_write_timeout(Some(limit))?;
        let text = serde_json::to_vec(message)?;
        let mut head = [0; HEAD_BYTES];
        head[..4].copy_from_slice(&length(text.len())?);
        head[4..].copy_from_slice(&length(body.len())?);
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_DESCRIPTORS))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !descriptors.is_empty() && !control.push(SendAncillaryMessage::ScmRights(descriptors)) {
            return Err(io::Error::other("too many descriptors for one message"));
        }
        // The descriptors travel with the first byte: what the kernel did not take follows.
        let sent = sendmsg(&self.0, &[IoSlice::new(&head)], &mut control, SendFlags::NOSIGNAL)?;
        (&self.0).write_all(&head[sent..])?;
        (&self.0).write_all(&text)?;
        (&self.0).write_all(body)
    }

    /// The next message. A peer that is gone is `UnexpectedEof`.
    pub(super) fn receive(&self, limit: Option<Duration>) -> io::Result<Parcel> {
        self.0.set_read_timeout(limit)?;
        let mut head = [0; HEAD_BYTES];
        let mut descriptors = Vec::new();
        let read = self.receive_head(&mut head, &mut descriptors)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        (&self.0).read_exact(&mut head[read..])?;
        let [a, b, c, d, e, f, g, h] = head;
        let text = self.read(u32::from_be_bytes([a, b, c, d]), MAX_MESSAGE_BYTES)?;
        let body = self.read(u32::from_be_bytes([e, f, g, h]), MAX_BODY_BYTES)?;
        Ok(Parcel { message: serde_json::from_slice(&text)?, body, descriptors })
    }

    fn receive_head(&self, head: &mut [u8], descriptors: &mut Vec<OwnedFd>) -> io::Result<usize> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_DESCRIPTORS))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut parts = [IoSliceMut::new(head)];
        let received = recvmsg(self.0.as_fd(), &mut parts, &mut control, RecvFlags::CMSG_CLOEXEC)?;
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(rights) = message {
                descriptors.extend(rights);
            }
        }
        Ok(received.bytes)
    }

    fn read(&self, length: u32, limit: usize) -> io::Result<Vec<u8>> {
        let length = length as usize;
        if length > limit {
            return Err(io::Error::other(format!("a message of {length} bytes is too long")));
        }
        let mut bytes = vec![0; length];
        (&self.0).read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

fn length(bytes: usize) -> io::Result<[u8; 4]> {
    let length = u32::try_from(bytes).map_err(|_| io::Error::other("a message is too long"))?;
    Ok(length.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::net::TcpListener;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    fn pair() -> (Channel, Channel) {
        let (one, other) = UnixStream::pair().unwrap();
        (Channel::new(one), Channel::new(other))
    }

    #[test]
    fn messages_bring_their_own_bytes_and_descriptors() {
        let (from, to) = pair();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let body = vec![7; 3_000_000];
        let sender = std::thread::spawn({
            let (listener, body) = (listener.try_clone().unwrap(), body.clone());
            move || {
                from.say(&Message::Ready, LIMIT).unwrap();
                from.send(&Message::Verified, &body, &[listener.as_fd()], LIMIT).unwrap();
                from.send(&Message::Go, &[], &[listener.as_fd(); 3], LIMIT).unwrap();
            }
        });
        let parcel = to.receive(Some(LIMIT)).unwrap();
        assert!(matches!(parcel.message, Message::Ready) && parcel.descriptors.is_empty());
        let mut parcel = to.receive(Some(LIMIT)).unwrap();
        assert!(matches!(parcel.message, Message::Verified) && parcel.body == body);
        let passed = TcpListener::from(parcel.descriptors.remove(0));
        assert_eq!(passed.local_addr().unwrap(), listener.local_addr().unwrap());
        assert_eq!(to.receive(Some(LIMIT)).unwrap().descriptors.len(), 3);
        sender.join().unwrap();
        assert_eq!(to.receive(Some(LIMIT)).unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }

    #[test]
    fn a_length_that_nobody_sends_is_refused() {
        let (from, to) = pair();
        (&from.0).write_all(&[0xff; HEAD_BYTES]).unwrap();
        assert!(to.receive(Some(LIMIT)).unwrap_err().to_string().contains("too long"));
    }
}
