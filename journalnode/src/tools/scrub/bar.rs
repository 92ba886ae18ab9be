use std::io::{IsTerminal, Write, stderr};

use hadoop_proto::inspect::v1::ScrubProgress;

const BAR_WIDTH: u64 = 40;

/// A bar on standard error, if that is a terminal.
#[derive(Debug)]
pub(super) struct Bar {
    shown: bool,
}

impl Bar {
    pub(super) fn on_terminal() -> Self {
        Self { shown: stderr().is_terminal() }
    }

    pub(super) fn draw(&self, progress: &ScrubProgress) {
        if self.shown {
            let _ = write!(stderr(), "\r{}", text(progress));
        }
    }

    /// Takes the bar away, so that a line may be printed.
    pub(super) fn clear(&self) {
        if self.shown {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}

fn text(progress: &ScrubProgress) -> String {
    let of = progress.segments_to_check;
    let done = progress.segments.min(of);
    // Nothing to do is all done.
    let share = |whole: u64| whole.saturating_mul(done).checked_div(of).unwrap_or(whole);
    let hashes = "#".repeat(share(BAR_WIDTH) as usize);
    let width = BAR_WIDTH as usize;
    format!(
        "[{hashes:<width$}] {:>3} %  {done} of {of} segments, {} MiB",
        share(100),
        progress.bytes >> 20
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_fills_up_and_not_further() {
        let at = |segments, segments_to_check| {
            text(&ScrubProgress { segments, segments_to_check, bytes: 3 << 20 })
        };
        assert!(at(1, 4).starts_with("[##########  "), "{}", at(1, 4));
        assert!(at(9, 4).ends_with("100 %  4 of 4 segments, 3 MiB"));
        assert!(at(0, 0).contains("100 %"));
    }
}
