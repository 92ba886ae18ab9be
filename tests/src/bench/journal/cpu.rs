use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::quorum::BATCH_BYTES;
use super::{Bench, Server, Stream, Usage, turns, warm_up};

const TMPFS: &str = "/dev/shm";
/// The kernel counts in hundredths of a second.
const LONGER: usize = 2;

/// What the server's processor does for each batch of 1 KB, on the disk and without one; and the
/// round trip meanwhile, which without a disk is what both ends and the socket between them take.
pub fn measure(bench: &mut Bench) -> Result<()> {
    measure_in(bench, &bench.folder("cpu"), "cpu-disk", "cpu-disk-p50")?;
    let folder = TmpfsFolder::create()?;
    measure_in(bench, &folder.0, "cpu-tmpfs", "cpu-tmpfs-p50")
}

fn measure_in(
    bench: &mut Bench,
    folder: &Path,
    cpu: &'static str,
    p50: &'static str,
) -> Result<()> {
    let mut servers = Vec::new();
    for server in Server::start_all(folder, &bench.site())? {
        let stream = bench.runtime.block_on(Stream::begin("cpu", &[server.target()]))?;
        servers.push((server, stream));
    }
    let batches = bench.extent.batches * LONGER;
    for (_, stream) in &mut servers {
        warm_up(bench.extent.warm_up_windows, || {
            Ok(bench.runtime.block_on(stream.window(batches, BATCH_BYTES))?.quantile_us(0.5))
        })?;
    }
    turns(bench.extent.rounds, &mut servers, |_, (server, stream)| {
        let before = Usage::of(server)?.cpu;
        let window = bench.runtime.block_on(stream.window(batches, BATCH_BYTES))?;
        let taken = Usage::of(server)?.cpu - before;
        bench.figures.add(cpu, server.who, taken.as_secs_f64() * 1e6 / batches as f64);
        bench.figures.add(p50, server.who, window.quantile_us(0.5));
        Ok(())
    })?;
    Server::end_all(servers.into_iter().map(|(server, _)| server).collect())
}

/// Removed when dropped: what lies there takes memory.
struct TmpfsFolder(PathBuf);

impl TmpfsFolder {
    fn create() -> Result<Self> {
        let path = Path::new(TMPFS).join(format!("journal-bench-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for TmpfsFolder {
    fn drop(&mut self) {
        // The servers are gone, and nobody else knows the folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}
