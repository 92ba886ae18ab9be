//! The old process is played by the test: it can be killed between any two messages, or lie.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, IoSlice, Read, Write};
use std::mem::MaybeUninit;
use std::net::TcpListener;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use rustix::process::Signal;
use serde_json::{Value, json};

use super::support::{ConfigDir, Node, RawConnection, requests};
use super::writing::{J, Writing};

const PATIENCE: Duration = Duration::from_secs(20);

/// A directory with an open segment, as its process left it, and the process that goes on.
struct Played {
    config: ConfigDir,
    writing: Writing,
    listener: TcpListener,
    lock: File,
    channel: UnixStream,
    successor: Child,
}

impl Drop for Played {
    fn drop(&mut self) {
        let _ = self.successor.kill();
        let _ = self.successor.wait();
    }
}

impl Played {
    fn begin() -> Self {
        let config = ConfigDir::new(&[]);
        let node = Node::start(config.command());
        let mut writing = Writing::begin(&node);
        writing.write();
        node.stop(Signal::KILL);
        let (channel, theirs) = UnixStream::pair().unwrap();
        channel.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut command = config.command();
        command.env("JOURNALNODE_PREDECESSOR", std::process::id().to_string());
        command.stdin(Stdio::from(OwnedFd::from(theirs))).stderr(Stdio::piped());
        let successor = command.spawn().unwrap();
        let lock = lock(&config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self { config, writing, listener, lock, channel, successor }
    }

    fn greet(&self, version: u32) {
        let asked = "127.0.0.1:0";
        let hello = json!({"version": version, "rpc": asked, "http": asked, "inspect": null});
        let http = TcpListener::bind("127.0.0.1:0").unwrap();
        self.say(&json!({"Hello": hello}), &[self.listener.as_fd(), http.as_fd()]);
    }

    /// The journal as its process would have told it.
    fn journal(&self) -> Value {
        let end = 8 + requests::records(1, self.writing.last as u32).len();
        let last_batch = end - requests::records(self.writing.last, 1).len();
        let last = self.writing.last;
        json!({
            "id": J,
            "directory": self.config.edits().join(J),
            "info": {
                "layout_version": -67,
                "namespace_id": requests::NAMESPACE_ID as i32,
                "cluster_id": requests::CLUSTER_ID,
                "c_time": 0,
            },
            "last_promised_epoch": 1,
            "last_writer_epoch": 1,
            "committed_txid": null,
            "ipc_serial": last,
            "last_opened": 1,
            "highest_written": last,
            "open": {
                "first": 1,
                "layout_version": -67,
                "last": last,
                "offset": end,
                "len": 1 << 20,
                "last_batch": last_batch,
            },
            "out_of_step": false,
            "left_whole": false,
        })
    }

    fn tell(&self, journal: &Value) {
        self.say(&json!({"Journal": journal}), &[self.lock.as_fd()]);
        self.say(&json!("End"), &[]);
    }

    fn say(&self, message: &Value, descriptors: &[BorrowedFd<'_>]) {
        let text = message.to_string();
        let head = [(text.len() as u32).to_be_bytes(), [0; 4]].concat();
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(3))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !descriptors.is_empty() {
            control.push(SendAncillaryMessage::ScmRights(descriptors));
        }
        let flags = SendFlags::NOSIGNAL;
        let sent = sendmsg(&self.channel, &[IoSlice::new(&head)], &mut control, flags).unwrap();
        assert_eq!(sent, head.len());
        (&self.channel).write_all(text.as_bytes()).unwrap();
    }

    fn hear(&self) -> Value {
        let mut head = [0; 8];
        (&self.channel).read_exact(&mut head).unwrap();
        let mut text = vec![0; u32::from_be_bytes(*head.first_chunk().unwrap()) as usize];
        (&self.channel).read_exact(&mut text).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    /// Waits for the end of the new process, which must not have taken anything.
    fn assert_refused(mut self, why: &str) {
        let said = self.hear();
        let said = said["Refused"].as_str().unwrap_or_else(|| panic!("{said}"));
        assert!(said.contains(why), "{said}");
        assert_eq!(self.successor.wait().unwrap().code(), Some(255));
        self.writing.assert_all_there(&self.config);
        assert!(
            self.config.edits().join(J).join("in_use.lock").exists(),
            "the lock is not its own"
        );
    }
}

/// As its process holds it.
fn lock(config: &ConfigDir) -> File {
    let path = config.edits().join(J).join("in_use.lock");
    let file = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let whole = libc::flock {
        l_type: libc::F_WRLCK as i16,
        l_whence: libc::SEEK_SET as i16,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    fcntl(&file, FcntlArg::F_OFD_SETLK(&whole)).unwrap();
    file
}

#[test]
fn a_process_killed_before_the_last_word_has_a_successor_all_the_same() {
    let mut played = Played::begin();
    played.greet(1);
    assert_eq!(played.hear(), json!("Ready"));
    played.tell(&played.journal());
    assert_eq!(played.hear(), json!("Verified"));
    // Its descriptors go with it.
    let (gone, _) = UnixStream::pair().unwrap();
    drop(std::mem::replace(&mut played.channel, gone));
    played.lock = File::open("/dev/null").unwrap();
    let log = BufReader::new(played.successor.stderr.take().unwrap());
    assert!(log.lines().map_while(Result::ok).any(|line| line.contains("serving RPC on")));
    played.writing.connection = RawConnection::open(played.listener.local_addr().unwrap());
    played.writing.write();
    played.writing.assert_all_there(&played.config);
}

#[test]
fn a_process_killed_before_it_told_all_has_no_successor() {
    let mut played = Played::begin();
    played.greet(1);
    assert_eq!(played.hear(), json!("Ready"));
    played.say(&json!({"Journal": played.journal()}), &[played.lock.as_fd()]);
    let (gone, _) = UnixStream::pair().unwrap();
    drop(std::mem::replace(&mut played.channel, gone));
    assert_eq!(played.successor.wait().unwrap().code(), Some(255));
    played.writing.assert_all_there(&played.config);
}

/// Else it would serve for itself, beside what a supervisor starts.
#[test]
fn a_process_whose_parent_was_killed_before_it_looked_ends_without_serving() {
    let config = ConfigDir::new(&[]);
    let (_, theirs) = UnixStream::pair().unwrap();
    let mut command = config.command();
    command.env("JOURNALNODE_PREDECESSOR", "1").stdin(Stdio::from(OwnedFd::from(theirs)));
    let mut orphan = command.spawn().unwrap();
    // Dropped with the command: the channel is closed.
    drop(command);
    let deadline = Instant::now() + PATIENCE;
    while orphan.try_wait().unwrap().is_none() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(1));
    }
    let _ = orphan.kill();
    assert_eq!(orphan.wait().unwrap().code(), Some(255), "it serves");
}

#[test]
fn another_version_is_refused_with_the_way_out() {
    let played = Played::begin();
    played.greet(2);
    played.assert_refused("restart it plainly");
}

#[test]
fn a_journal_that_is_not_as_told_is_not_taken() {
    type Lie = (&'static str, fn(&mut Value));
    let lies: [Lie; 7] = [
        ("last batch", |journal| journal["open"]["offset"] = json!(100)),
        ("bytes instead of", |journal| journal["open"]["len"] = json!(2 << 20)),
        ("last batch", |journal| journal["open"]["last_batch"] = json!(9)),
        ("last batch", |journal| journal["open"]["last"] = json!(7)),
        ("last-promised-epoch", |journal| journal["last_promised_epoch"] = json!(2)),
        ("VERSION", |journal| journal["info"]["namespace_id"] = json!(1)),
        ("cannot open", |journal| journal["open"]["first"] = json!(2)),
    ];
    for (why, lie) in lies {
        let played = Played::begin();
        played.greet(1);
        assert_eq!(played.hear(), json!("Ready"));
        let mut journal = played.journal();
        lie(&mut journal);
        played.tell(&journal);
        played.assert_refused(why);
    }
}

#[test]
fn a_lock_that_is_not_held_is_not_taken() {
    let mut played = Played::begin();
    played.greet(1);
    assert_eq!(played.hear(), json!("Ready"));
    let held = std::mem::replace(&mut played.lock, File::open("/dev/null").unwrap());
    let path = played.config.edits().join(J).join("in_use.lock");
    played.lock = OpenOptions::new().read(true).write(true).open(path).unwrap();
    played.tell(&played.journal());
    let said = played.hear();
    assert!(said["Refused"].as_str().unwrap().contains("already locked"), "{said}");
    drop(held);
}
