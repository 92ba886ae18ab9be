use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use super::Window;

/// What the disk alone takes: write and fdatasync into a file that was filled before.
pub struct Floor {
    file: File,
    bytes: Vec<u8>,
    length: u64,
    offset: u64,
}

impl Floor {
    /// As much as a round of any measurement writes.
    const LENGTH: u64 = 64 << 20;

    /// Fills a file in this folder.
    pub fn prepare(folder: &Path) -> Result<Self> {
        Self::file(folder, "floor", Self::LENGTH)
    }

    fn file(folder: &Path, name: &str, length: u64) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(name);
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(true).write(true).open(&path);
        let file = file.with_context(|| format!("open {}", path.display()))?;
        file.write_all_at(&vec![0xff; length as usize], 0)?;
        file.sync_all()?;
        Ok(Self { file, bytes: Vec::new(), length, offset: 0 })
    }

    /// Writes so many batches of this size, one after the other.
    pub fn window(&mut self, batches: usize, batch_bytes: usize) -> Result<Window> {
        self.bytes.resize(batch_bytes, 0x5a);
        let times: Result<_> = (0..batches).map(|_| self.write()).collect();
        Ok(Window::new(times?))
    }

    fn write(&mut self) -> Result<Duration> {
        if self.offset + self.bytes.len() as u64 > self.length {
            self.offset = 0;
        }
        let begun = Instant::now();
        self.file.write_all_at(&self.bytes, self.offset)?;
        self.file.sync_data()?;
        self.offset += self.bytes.len() as u64;
        Ok(begun.elapsed())
    }
}

/// As many as there are threads, each with a file of its own.
pub struct Floors(Vec<Floor>);

impl Floors {
    const LENGTH: u64 = 4 << 20;

    /// Fills the files in this folder.
    pub fn prepare(folder: &Path, threads: usize) -> Result<Self> {
        let files = (0..threads)
            .map(|index| Floor::file(folder, &format!("floor-{threads}-{index}"), Self::LENGTH));
        Ok(Self(files.collect::<Result<_>>()?))
    }

    /// Batches a second when each thread writes so many, all at the same time.
    pub fn per_second(&mut self, batches: usize, batch_bytes: usize) -> Result<f64> {
        let threads = self.0.len();
        let barrier = Barrier::new(threads + 1);
        let begun = thread::scope(|scope| {
            let barrier = &barrier;
            let write = |floor: &mut Floor| {
                barrier.wait();
                floor.window(batches, batch_bytes).map(drop)
            };
            let running: Vec<_> =
                self.0.iter_mut().map(|floor| scope.spawn(move || write(floor))).collect();
            barrier.wait();
            let begun = Instant::now();
            for thread in running {
                thread.join().map_err(|_| anyhow!("a thread of the floor died"))??;
            }
            anyhow::Ok(begun)
        })?;
        Ok((threads * batches) as f64 / begun.elapsed().as_secs_f64())
    }
}
