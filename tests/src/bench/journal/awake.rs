use std::fs::{File, OpenOptions};
use std::io::Write;
use std::thread;

use anyhow::Result;

use crate::process::{Daemon, Launcher};

const LATENCY_REQUEST: &str = "/dev/cpu_dma_latency";

/// Keeps every core awake while it lives: on a virtual machine that has nothing to do, what the
/// disk completed may wait milliseconds for a core that sleeps. Servers, clients and the floor find
/// the machine in the same state.
pub struct Awake {
    spinners: Vec<Daemon>,
    /// Holds as long as it is open.
    request: Option<File>,
}

impl Awake {
    /// Starts an endless loop on each core that runs only when nothing else wants to, and asks for
    /// no sleep deeper than the lightest where the kernel takes such wishes.
    pub fn keep(log: &std::path::Path) -> Result<Self> {
        let cores = thread::available_parallelism()?.get();
        let spinners = (0..cores).map(|core| spin(core, log)).collect::<Result<_>>()?;
        Ok(Self { spinners, request: request() })
    }

    /// What was done, for the report.
    pub fn describe(&self) -> String {
        let spinners = self.spinners.len();
        let request = match self.request {
            Some(_) => format!(", {LATENCY_REQUEST} held at 0"),
            None => String::new(),
        };
        format!("{spinners} cores kept awake by loops of SCHED_IDLE{request}")
    }
}

fn spin(core: usize, log: &std::path::Path) -> Result<Daemon> {
    let core = core.to_string();
    let launcher = Launcher::through(["chrt", "--idle", "0", "taskset", "--cpu-list", &core]);
    let mut command = launcher.command("sh");
    command.args(["-c", "while :; do :; done"]);
    Daemon::spawn("spinner", command, log)
}

fn request() -> Option<File> {
    let mut file = OpenOptions::new().write(true).open(LATENCY_REQUEST).ok()?;
    file.write_all(&0_i32.to_ne_bytes()).ok()?;
    Some(file)
}
