use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Longest a start or an end may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(5);

/// A running journalnode process; killed when dropped.
pub struct Node {
    child: Child,
    log: Arc<Mutex<String>>,
    lines: Receiver<String>,
    pub rpc: SocketAddr,
    pub http: SocketAddr,
    /// Of the inspection service, if it listens.
    pub inspect: Option<SocketAddr>,
    /// The process that goes on for the one that was started.
    successor: Option<Pid>,
}

/// How a process ended.
#[derive(Debug)]
pub struct Ended {
    pub status: Option<i32>,
    pub log: String,
}

impl Node {
    /// Starts it and waits until it serves.
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::<Mutex<String>>::default();
        let (line, lines) = channel();
        let stderr = child.stderr.take().unwrap();
        thread::spawn({
            let log = Arc::clone(&log);
            move || follow(stderr, &log, &line)
        });
        let nowhere = SocketAddr::from(([0, 0, 0, 0], 0));
        let mut node =
            Self { child, log, lines, rpc: nowhere, http: nowhere, inspect: None, successor: None };
        let serving = node.line_with("serving RPC on ");
        (node.rpc, node.http) = addresses(&serving);
        // That line comes last.
        node.inspect = inspect_address(&node.log());
        node
    }

    pub fn pid(&self) -> Pid {
        self.successor.unwrap_or_else(|| Pid::from_child(&self.child))
    }

    /// Has it hand over to a new process, and waits until the old one is gone; what it said.
    pub fn hand_over(&mut self) -> String {
        let (old, is_first) = (self.pid(), self.successor.is_none());
        self.signal(Signal::USR2);
        let said = self.handed_over();
        if is_first {
            assert_eq!(self.exited().unwrap().code(), Some(0));
        }
        self.await_end(old);
        said
    }

    /// Waits until a new process serves; the old one may still be there. What it said.
    pub fn handed_over(&mut self) -> String {
        let said = self.line_with("handed over to process ");
        let (_, pid) = said.split_once("to process ").unwrap();
        let (pid, _) = pid.split_once(':').unwrap();
        self.successor = Pid::from_raw(pid.parse().unwrap());
        said
    }

    /// Sends a signal to the process that goes on, and waits for its end.
    pub fn stop_successor(&mut self, signal: Signal) {
        let successor = self.successor.take().unwrap();
        kill_process(successor, signal).unwrap();
        self.await_end(successor);
    }

    fn await_end(&self, pid: Pid) {
        let deadline = Instant::now() + PATIENCE;
        while is_running(pid) {
            assert!(Instant::now() < deadline, "it does not end:\n{}", self.log());
            thread::sleep(POLL);
        }
    }

    /// The status of the process that was started, once it has ended.
    pub fn exited(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            thread::sleep(POLL);
        }
        None
    }

    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for a line that holds this; earlier lines are passed over.
    pub fn line_with(&self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if line.contains(text) => return line,
                Ok(_) => {}
                Err(_) => panic!("no line with {text:?} in the log:\n{}", self.log()),
            }
        }
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Sends a signal and waits for the end.
    pub fn stop(mut self, signal: Signal) -> Ended {
        self.signal(signal);
        self.wait()
    }

    /// Waits for the end.
    pub fn wait(&mut self) -> Ended {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "it does not end:\n{}", self.log());
            thread::sleep(POLL);
        };
        while self.lines.recv_timeout(PATIENCE).is_ok() {}
        ended(status, self.log())
    }

    /// Resident memory, in KiB.
    pub fn resident_kib(&self) -> u64 {
        let path = format!("/proc/{}/status", self.pid());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(successor) = self.successor {
            let _ = kill_process(successor, Signal::KILL);
        }
        if thread::panicking() {
            eprintln!("log of the journalnode:\n{}", self.log());
        }
    }
}

/// An orphan may stay a zombie for a moment where no init reaps it.
pub fn is_running(pid: Pid) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// Runs a command that is expected to end by itself.
pub fn run_to_the_end(mut command: Command) -> Ended {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let deadline = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() && Instant::now() < deadline {
        thread::sleep(POLL);
    }
    // Ends it if it has not ended; else this does nothing.
    let _ = child.kill();
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let log = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
    ended(status, log)
}

fn ended(status: ExitStatus, log: String) -> Ended {
    Ended { status: status.code(), log }
}

fn follow(stderr: ChildStderr, log: &Mutex<String>, lines: &Sender<String>) {
    for line in BufReader::new(stderr).lines() {
        let Ok(line) = line else { return };
        {
            let mut log = log.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
        let _ = lines.send(line);
    }
}

/// From `… inspection service on 127.0.0.1:8486`.
fn inspect_address(log: &str) -> Option<SocketAddr> {
    let (_, address) = log.lines().find_map(|line| line.split_once("inspection service on "))?;
    Some(address.trim().parse().unwrap())
}

/// From `… serving RPC on 127.0.0.1:8485, HTTP on 127.0.0.1:8480`.
fn addresses(line: &str) -> (SocketAddr, SocketAddr) {
    let (_, rest) = line.split_once("serving RPC on ").unwrap();
    let (rpc, http) = rest.split_once(", HTTP on ").unwrap();
    (rpc.parse().unwrap(), http.trim().parse().unwrap())
}
