use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::support::bare_command;

/// A tool that goes on until it is told to end; killed when dropped.
pub struct LiveTool {
    child: Child,
    lines: Option<Lines<BufReader<ChildStdout>>>,
}

impl LiveTool {
    pub fn start<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut command: Command = bare_command();
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines: Some(lines) }
    }

    /// The next line; waits for it.
    pub fn next(&mut self) -> Value {
        let line = self.lines.as_mut().unwrap().next().expect("it ended").unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Closes its output, as `head` does.
    pub fn close_output(&mut self) {
        self.lines = None;
    }

    /// The next line on standard error; waits for it.
    pub fn says(&mut self) -> String {
        let mut stderr = self.child.stderr.take().unwrap();
        let mut line = Vec::new();
        let mut byte = [0];
        while !line.ends_with(b"\n") {
            std::io::Read::read_exact(&mut stderr, &mut byte).unwrap();
            line.push(byte[0]);
        }
        self.child.stderr = Some(stderr);
        String::from_utf8(line).unwrap()
    }

    /// How it ends, and what it said on standard error.
    pub fn end(mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        std::io::Read::read_to_string(&mut stderr, &mut said).unwrap();
        (self.child.wait().unwrap().code(), said)
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }
}

impl Drop for LiveTool {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
