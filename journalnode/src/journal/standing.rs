use std::time::Duration;

/// How a journal stands with the NameNode that writes it, as far as this node can tell.
///
/// A NameNode with nothing to write says nothing, and one that leaves this node out says so only
/// at its next flush, by a heartbeat. So silence means little for a while. But where a standby
/// runs, it has the writer start a new segment on all nodes every `dfs.ha.log-roll.period`: who
/// was not asked for longer than that is not wanted, or cannot be reached by anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A segment is open here, and its writer was heard.
    InStep,
    /// There is nothing to be in step with: nobody ever wrote, or the last writer finished its
    /// segment and started no other, or nobody was heard for long.
    Idle,
    /// A writer may be at work without this node: it was started, or a new writer came, and no
    /// segment was started here since.
    AwaitingWriter {
        /// When it counts as idle if nobody is heard.
        idle_in: Duration,
    },
    /// A writer goes on without this node.
    OutOfStep,
}

/// What tells how a journal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signs {
    /// Whether it may ever have had a writer.
    pub had_writer: bool,
    /// Whether a segment is open.
    pub segment_open: bool,
    /// Whether the last thing a writer did was to finish its segment.
    pub left_whole: bool,
    /// Whether a writer showed that it leaves this node out.
    pub left_out: bool,
    /// For how long no writer asked for anything; since the start of the process at most.
    pub silent_for: Duration,
}

impl Standing {
    /// How a journal stands that counts as idle after so long a silence.
    pub fn of(signs: Signs, idle_after: Duration) -> Self {
        let Signs { had_writer, segment_open, left_whole, left_out, silent_for } = signs;
        if left_out {
            return Self::OutOfStep;
        }
        let idle_in = idle_after.saturating_sub(silent_for);
        if idle_in.is_zero() {
            Self::Idle
        } else if segment_open {
            Self::InStep
        } else if left_whole || !had_writer {
            Self::Idle
        } else {
            Self::AwaitingWriter { idle_in }
        }
    }

    /// All that [`word`](Self::word) can be.
    pub const WORDS: [&str; 4] = ["in-step", "idle", "awaiting-writer", "out-of-step"];

    /// Whether nothing is known that a writer would have to do first.
    pub fn is_ready(self) -> bool {
        matches!(self, Self::InStep | Self::Idle)
    }

    /// A word for scripts, which does not change.
    pub fn word(self) -> &'static str {
        let [in_step, idle, awaiting_writer, out_of_step] = Self::WORDS;
        match self {
            Self::InStep => in_step,
            Self::Idle => idle,
            Self::AwaitingWriter { .. } => awaiting_writer,
            Self::OutOfStep => out_of_step,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE_AFTER: Duration = Duration::from_secs(240);
    /// Restarted this moment, after somebody had written.
    const RESTARTED: Signs = Signs {
        had_writer: true,
        segment_open: false,
        left_whole: false,
        left_out: false,
        silent_for: Duration::ZERO,
    };

    fn standing(signs: Signs) -> Standing {
        Standing::of(signs, IDLE_AFTER)
    }

    fn silent(signs: Signs, seconds: u64) -> Signs {
        Signs { silent_for: Duration::from_secs(seconds), ..signs }
    }

    #[test]
    fn after_a_start_a_writer_may_be_at_work_elsewhere_until_silence_says_no() {
        let idle_in = |seconds| Standing::AwaitingWriter { idle_in: Duration::from_secs(seconds) };
        assert_eq!(standing(RESTARTED), idle_in(240));
        assert_eq!(standing(silent(RESTARTED, 239)), idle_in(1));
        assert_eq!(standing(silent(RESTARTED, 240)), Standing::Idle);
        assert!(!standing(RESTARTED).is_ready());
    }

    #[test]
    fn a_journal_that_nobody_ever_wrote_to_waits_for_nobody() {
        assert_eq!(standing(Signs { had_writer: false, ..RESTARTED }), Standing::Idle);
    }

    #[test]
    fn an_open_segment_is_in_step_while_its_writer_is_heard() {
        let open = Signs { segment_open: true, ..RESTARTED };
        assert_eq!(standing(silent(open, 239)), Standing::InStep);
        assert_eq!(standing(silent(open, 240)), Standing::Idle);
    }

    #[test]
    fn between_two_segments_of_a_writer_nothing_is_amiss() {
        assert!(standing(Signs { left_whole: true, ..RESTARTED }).is_ready());
    }

    #[test]
    fn whoever_is_left_out_is_not_ready_however_long_it_lasts() {
        for segment_open in [false, true] {
            let left_out = Signs { left_out: true, segment_open, ..RESTARTED };
            assert_eq!(standing(silent(left_out, 100_000)), Standing::OutOfStep);
        }
    }
}
