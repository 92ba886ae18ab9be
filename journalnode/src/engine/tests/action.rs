use proptest::prelude::*;

/// What a writer does next. Numbers are relative to what would be right: 0 mostly is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    /// Asks for an epoch that is this much above the promise.
    NewEpoch { above: i64 },
    /// Starts a segment behind the newest one it finds.
    Start { off: i64 },
    /// Appends to the open segment.
    Append { off: i64, count: i64 },
    /// Finalizes the newest segment in progress.
    Finalize { off: i64 },
    /// Asks what the node has of the newest segment.
    Prepare,
    /// Makes the newest segment this much longer than it is.
    Accept { off: i64, peer_answers: bool },
    /// Drops what is this much before the end.
    Purge { behind: i64 },
    /// Tells what is committed.
    Heartbeat,
}

impl Action {
    /// The request it becomes.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NewEpoch { .. } => "new_epoch",
            Self::Start { .. } => "start_log_segment",
            Self::Append { .. } => "journal",
            Self::Finalize { .. } => "finalize_log_segment",
            Self::Prepare => "prepare_recovery",
            Self::Accept { .. } => "accept_recovery",
            Self::Purge { .. } => "purge_logs",
            Self::Heartbeat => "heartbeat",
        }
    }
}

/// An action of one of the writers, and where the node crashes meanwhile.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    /// Which writer, or the one that was promised last.
    pub(super) writer: Option<usize>,
    pub(super) action: Action,
    /// How far the writer's serial number is off.
    pub(super) serial_off: i64,
    /// Whether the request tells the newest transaction to be committed.
    pub(super) committed: bool,
    /// How many effects become durable before the node crashes.
    pub(super) crash_after: Option<usize>,
    /// Whether the request is asked again after the crash.
    pub(super) asked_again: bool,
}

/// How many writers compete.
pub(super) const WRITERS: usize = 3;

pub(super) fn turns() -> impl Strategy<Value = Vec<Turn>> {
    prop::collection::vec(turn(), 1..60)
}

fn turn() -> impl Strategy<Value = Turn> {
    let writer = prop_oneof![3 => Just(None), 1 => (0..WRITERS).prop_map(Some)];
    let crash = prop_oneof![8 => Just(None), 1 => (0_usize..6).prop_map(Some)];
    (writer, action(), off(), any::<bool>(), crash, any::<bool>()).prop_map(
        |(writer, action, serial_off, committed, crash_after, asked_again)| Turn {
            writer,
            action,
            serial_off,
            committed,
            crash_after,
            asked_again,
        },
    )
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        2 => (-1_i64..3).prop_map(|above| Action::NewEpoch { above }),
        5 => off().prop_map(|off| Action::Start { off }),
        14 => (off(), 1_i64..4).prop_map(|(off, count)| Action::Append { off, count }),
        4 => off().prop_map(|off| Action::Finalize { off }),
        3 => (-2_i64..3, prop::bool::weighted(0.8))
            .prop_map(|(off, peer_answers)| Action::Accept { off, peer_answers }),
        1 => (0_i64..8).prop_map(|behind| Action::Purge { behind }),
        1 => Just(Action::Heartbeat),
        2 => Just(Action::Prepare),
    ]
}

fn off() -> impl Strategy<Value = i64> {
    prop_oneof![15 => Just(0_i64), 1 => -2_i64..3]
}
