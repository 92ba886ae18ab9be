use super::decision::decide;
use super::{Decision, RequestInfo, State, check};

/// `Journal.heartbeat`: the checks alone, even on a journal that is not formatted.
pub fn heartbeat(state: &State, info: &RequestInfo) -> Decision<()> {
    decide(state, |draft| check::request(draft, info))
}

#[cfg(test)]
mod tests {
    use super::heartbeat;
    use crate::engine::Effect;
    use crate::engine::fixture::{Given, decided, info};

    #[test]
    fn jn_076_epoch_0_may_knock_on_an_unformatted_journal() {
        let state = Given::unformatted().state();
        decided(&state, heartbeat(&state, &info(0, 0)))
            .does([Effect::NoteIpcSerial(0)])
            .answers(())
            .leaves(|state| state.ipc_serial = 0);
    }

    #[test]
    fn jn_076_needs_no_segment_and_touches_none() {
        let state = Given::written_by(1).open(1, 5).state();
        decided(&state, heartbeat(&state, &info(1, 3)))
            .does([Effect::NoteIpcSerial(3)])
            .answers(())
            .leaves(|state| state.ipc_serial = 3);
    }
}
