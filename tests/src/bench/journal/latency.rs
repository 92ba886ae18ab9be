use anyhow::Result;

use super::{Bench, Floor, Server, Stream, Who, Window, turns, warm_up};

/// A size of batches, and its lines.
struct Size {
    bytes: usize,
    p50: &'static str,
    p99: &'static str,
}

const SIZES: [Size; 5] = [
    Size { bytes: 100, p50: "journal-100B-p50", p99: "journal-100B-p99" },
    Size { bytes: 1000, p50: "journal-1KB-p50", p99: "journal-1KB-p99" },
    Size { bytes: 10_000, p50: "journal-10KB-p50", p99: "journal-10KB-p99" },
    Size { bytes: 100_000, p50: "journal-100KB-p50", p99: "journal-100KB-p99" },
    Size { bytes: LARGE_BYTES, p50: "journal-1MB-p50", p99: "journal-1MB-p99" },
];
const LARGE_BYTES: usize = 1_000_000;
const LARGE_RATE: &str = "batches-1MB";

/// Sizes of batches, and the keys of their medians: the axis of the plot.
pub fn sizes() -> impl Iterator<Item = (usize, &'static str)> {
    SIZES.iter().map(|size| (size.bytes, size.p50))
}

/// Who takes the time of a batch.
enum Subject {
    Floor(Floor),
    Server(Who, Box<Stream>),
}

/// Round trips of one writer to one JournalNode by the size of its batches, beside the disk's.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let folder = bench.folder("latency");
    let servers = Server::start_all(&folder, &bench.site())?;
    let mut subjects = vec![Subject::Floor(Floor::prepare(&folder)?)];
    for server in &servers {
        let stream = bench.runtime.block_on(Stream::begin("latency", &[server.target()]))?;
        subjects.push(Subject::Server(server.who, Box::new(stream)));
    }
    for size in &SIZES {
        for subject in &mut subjects {
            warm_up(bench.extent.warm_up_windows, || {
                Ok(subject.window(bench, size.bytes)?.quantile_us(0.5))
            })?;
        }
        turns(bench.extent.rounds, &mut subjects, |_, subject| {
            let window = subject.window(bench, size.bytes)?;
            record(bench, size, subject.who(), &window);
            Ok(())
        })?;
    }
    drop(subjects);
    Server::end_all(servers)
}

impl Subject {
    fn who(&self) -> Who {
        match self {
            Self::Floor(_) => Who::Floor,
            Self::Server(who, _) => *who,
        }
    }

    fn window(&mut self, bench: &Bench, bytes: usize) -> Result<Window> {
        let batches = bench.extent.batches_of(bytes);
        match self {
            Self::Floor(floor) => floor.window(batches, bytes),
            Self::Server(_, stream) => bench.runtime.block_on(stream.window(batches, bytes)),
        }
    }
}

fn record(bench: &mut Bench, size: &Size, who: Who, window: &Window) {
    bench.figures.add(size.p50, who, window.quantile_us(0.5));
    bench.figures.add(size.p99, who, window.quantile_us(0.99));
    if size.bytes == LARGE_BYTES {
        let bytes_per_second = window.per_second() * size.bytes as f64;
        bench.figures.add(LARGE_RATE, who, bytes_per_second / 1e6);
    }
}
