use std::cell::Cell;
use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

use crate::editlog::ReadAt;

/// How often the bar is drawn.
const REDRAW: Duration = Duration::from_millis(100);
const BAR_WIDTH: u64 = 40;

/// A bar on standard error, if that is a terminal.
#[derive(Debug)]
pub struct Progress {
    shown: bool,
    total_bytes: Cell<u64>,
    done_bytes: Cell<u64>,
    drawn: Cell<Instant>,
}

impl Progress {
    /// A bar for people; nothing for scripts.
    pub fn on_terminal() -> Self {
        Self { shown: stderr().is_terminal(), ..Self::hidden() }
    }

    /// Nothing, for tests.
    pub fn hidden() -> Self {
        let now = Instant::now();
        Self { shown: false, total_bytes: 0.into(), done_bytes: 0.into(), drawn: Cell::new(now) }
    }

    /// More work was found.
    pub(super) fn expect(&self, bytes: u64) {
        self.total_bytes.set(self.total_bytes.get().saturating_add(bytes));
    }

    fn advance(&self, bytes: u64) {
        self.done_bytes.set(self.done_bytes.get().saturating_add(bytes));
        if self.shown && self.drawn.get().elapsed() >= REDRAW {
            self.drawn.set(Instant::now());
            let _ = write!(stderr(), "\r{}", bar(self.done_bytes.get(), self.total_bytes.get()));
        }
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        if self.shown {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}

/// A file whose reading shows on the bar.
pub(super) struct Watched<'a, S: ReadAt + ?Sized> {
    pub(super) source: &'a S,
    pub(super) progress: &'a Progress,
}

impl<S: ReadAt + ?Sized> ReadAt for Watched<'_, S> {
    type Error = S::Error;

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, S::Error> {
        let read = self.source.read_at(buffer, offset)?;
        self.progress.advance(read as u64);
        Ok(read)
    }
}

/// Damage is read more than once, so the bar may be full early.
fn bar(done: u64, total: u64) -> String {
    let done = done.min(total);
    let filled = (BAR_WIDTH * done / total.max(1)) as usize;
    let percent = 100 * done / total.max(1);
    let mib = |bytes: u64| bytes >> 20;
    let hashes = "#".repeat(filled);
    let width = BAR_WIDTH as usize;
    format!("[{hashes:<width$}] {percent:>3} %  {} of {} MiB", mib(done), mib(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_fills_up_and_not_further() {
        assert!(bar(0, 0).ends_with("0 of 0 MiB"));
        assert!(bar(1 << 20, 4 << 20).starts_with("[##########  "));
        assert!(bar(9 << 20, 4 << 20).contains("100 %  4 of 4 MiB"));
    }
}
