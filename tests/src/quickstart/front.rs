use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::Pid;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

use super::Owner;
use crate::hadoop::ClassPath;

/// What a person sees: it starts the owner of the cluster, prints what that says, and ends
/// everything when it is interrupted.
#[derive(Debug)]
pub struct Front {
    folder: PathBuf,
    owner: Owner,
}

/// How the owner's part ended.
enum End {
    Done,
    Stays,
    Failed,
    Interrupted,
}

impl Front {
    /// The owner's first argument.
    pub const OWNER: &str = "--owner";
    /// The line by which the owner says that it has shown everything, and stays.
    pub const STAYS: &str = "\u{4}";

    /// In front of the cluster in this folder.
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), owner: Owner::of(folder) }
    }

    /// Ends what an earlier run left.
    pub fn stop(&self) -> Result<()> {
        let was_running = self.owner.running().is_some();
        self.owner.stop()?;
        println!("{}", if was_running { "Stopped and cleaned up." } else { "Nothing is running." });
        Ok(())
    }

    /// Runs the tour to its end, or to a cluster that is kept.
    pub fn run(&self, keep: bool) -> Result<()> {
        self.make_room()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        match runtime.block_on(self.show(keep))? {
            End::Stays => return Ok(()),
            End::Done => {
                self.owner.stop()?;
                println!(
                    "\nStopped and cleaned up; `scripts/quickstart --keep` leaves it running."
                );
                return Ok(());
            }
            End::Interrupted => self.owner.stop()?,
            End::Failed => self.owner.end()?,
        }
        match self.folder.exists() {
            true => bail!(
                "everything is stopped; the logs of each host are in {} until the next run",
                self.folder.display()
            ),
            false => bail!("interrupted; everything is stopped and cleaned up"),
        }
    }

    fn make_room(&self) -> Result<()> {
        ensure!(
            rustix::process::geteuid().is_root(),
            "the hosts of the cluster are network namespaces: run this as root"
        );
        if let Some(pid) = self.owner.running() {
            bail!(
                "a cluster is running here already (process {pid} owns it): look at it with \
                 `{} status`, or end it with `scripts/quickstart --stop`",
                self.folder.join("bin/zkfc-rs").display(),
            );
        }
        self.owner.stop().context("clean up after an earlier run")?;
        fs::create_dir_all(&self.folder)?;
        // The first time it is downloaded, and says so.
        ClassPath::of_this_machine().map(drop)
    }

    async fn show(&self, keep: bool) -> Result<End> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        let mut owner = self.start_owner(keep)?;
        let end = tokio::select! {
            end = relay(&mut owner) => end?,
            _ = interrupt.recv() => End::Interrupted,
            _ = terminate.recv() => End::Interrupted,
            _ = hang_up.recv() => End::Interrupted,
        };
        if let End::Interrupted = end {
            owner.kill().await?;
        }
        Ok(end)
    }

    fn start_owner(&self, keep: bool) -> Result<Child> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(Self::OWNER).args(keep.then_some("--keep"));
        // In a group of its own: Ctrl-C is for the front, which knows what to do.
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(fs::File::create(self.folder.join("owner.log"))?);
        let child = command.spawn().context("start the owner of the cluster")?;
        let pid = child.id().and_then(|pid| Pid::from_raw(pid.cast_signed()));
        self.owner.note(pid.context("the owner of the cluster ended at once")?)?;
        Ok(child)
    }
}

/// Prints what the owner says until it ends, or stays.
async fn relay(owner: &mut Child) -> Result<End> {
    let stdout = owner.stdout.take().context("its output was piped")?;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await? {
        if line == Front::STAYS {
            return Ok(End::Stays);
        }
        println!("{line}");
    }
    Ok(if owner.wait().await?.success() { End::Done } else { End::Failed })
}
