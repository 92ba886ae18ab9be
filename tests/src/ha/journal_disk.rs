use std::fs::{self, File};
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::fs::{FallocateFlags, fallocate, fstatvfs};
use rustix::process::Pid;

use crate::lab::LabHost;
use crate::process::{Launcher, wait_until};

/// Enough for hours of a run's segments. Nothing is taken of the machine's disk before it is used.
const SIZE_BYTES: u64 = 1 << 30;
/// Left for the end of a filling, so that not even a block is.
const REST_BYTES: u64 = 1 << 20;
const MOUNT_POINT: &str = "/var/hadoop/journal";
/// What fills it up.
const BALLAST: &str = "ballast";
const DETACH_LIMIT: Duration = Duration::from_secs(20);
/// Mounts the file system in the namespace of the process that comes of it, and nowhere else: when
/// that process ends, it is unmounted. A new start finds the room that was taken.
const MOUNT: &str = r#"set -e
e2fsck -p "$1" >&2 || [ $? -le 1 ]
mkdir -p "$2"
mount -o loop,errors=remount-ro "$1" "$2"
rm -f "$2"/ballast
shift 2
exec "$@""#;

/// A small file system of its own for a host's journal, which can be filled and broken.
/// A host that was given none keeps its journal with everything else.
#[derive(Debug)]
pub struct JournalDisk<'a> {
    host: &'a LabHost,
}

impl<'a> JournalDisk<'a> {
    /// That of this host.
    pub fn of(host: &'a LabHost) -> Self {
        Self { host }
    }

    /// Makes it. The JournalNode must not have been started yet.
    pub fn create(&self) -> Result<()> {
        File::create(self.image())?.set_len(SIZE_BYTES)?;
        let status =
            Command::new("mkfs.ext4").args(["-q", "-F", "-m", "0"]).arg(self.image()).status()?;
        ensure!(status.success(), "mkfs.ext4 {}", self.image().display());
        Ok(())
    }

    /// Whether the host was given one.
    pub fn exists(&self) -> bool {
        self.image().exists()
    }

    /// Runs a JournalNode on it.
    pub fn launcher(&self) -> Result<Launcher> {
        let launcher = self.host.launcher();
        if !self.exists() {
            return Ok(launcher);
        }
        // Mounted a second time while the first is on its way out, it would be torn apart.
        wait_until("the journal's file system to be unmounted", DETACH_LIMIT, || {
            let attached = Command::new("losetup").arg("-j").arg(self.image()).output()?;
            Ok(attached.stdout.is_empty().then_some(()))
        })?;
        Ok(launcher.then(["sh", "-c", MOUNT, "mount", "/var/hadoop/journal.img", MOUNT_POINT]))
    }

    /// Its root, by way of the process that it is mounted for.
    pub fn seen_by(process: Pid) -> PathBuf {
        Path::new("/proc")
            .join(process.as_raw_nonzero().to_string())
            .join("root/var/hadoop/journal")
    }

    /// Takes all the room there is.
    pub fn fill(process: Pid) -> Result<()> {
        let mut ballast = File::create(Self::seen_by(process).join(BALLAST))?;
        let room = fstatvfs(&ballast)?;
        let most_bytes = (room.f_bfree * room.f_frsize).saturating_sub(REST_BYTES);
        fallocate(&ballast, FallocateFlags::empty(), 0, most_bytes)?;
        ballast.seek(SeekFrom::End(0))?;
        let written = std::io::copy(&mut std::io::repeat(0), &mut ballast);
        ensure!(written.is_err(), "it has no end");
        Ok(())
    }

    /// What a disk error does: the file system aborts, and takes no write from then on, whoever
    /// has files open. It is writable again once it was mounted anew.
    pub fn abort(process: Pid) -> Result<()> {
        let mounts = fs::read_to_string(format!("/proc/{}/mounts", process.as_raw_nonzero()))?;
        let mut lines = mounts.lines().filter_map(|line| line.strip_prefix("/dev/"));
        let line = lines.find(|line| line.split(' ').nth(1) == Some(MOUNT_POINT));
        let device = line.and_then(|line| line.split(' ').next()).context("it is not mounted")?;
        Ok(fs::write(format!("/sys/fs/ext4/{device}/trigger_fs_error"), "chaos")?)
    }

    fn image(&self) -> PathBuf {
        self.host.var_hadoop().join("journal.img")
    }
}
