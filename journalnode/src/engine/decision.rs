use super::{Effect, Failure, Fault, Query, Refusal, State};
use crate::types::{Epoch, TxId};

/// What the engine wants next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision<R> {
    /// Find this out and ask again, with the fact added.
    Ask(Query),
    /// Do this in order, then answer.
    Act {
        /// What must become durable first. Kept even when the answer is a failure: Java's
        /// checks change the state one by one, and a promise outlives the refusal after it.
        effects: Vec<Effect>,
        /// What to say if all effects succeed.
        answer: Result<R, Failure>,
    },
}

impl Decision<()> {
    /// To do nothing, and succeed.
    pub fn nothing() -> Self {
        Self::Act { effects: Vec::new(), answer: Ok(()) }
    }
}

/// Why a decision stopped before its end.
#[derive(Debug)]
pub(super) enum Stop {
    Ask(Query),
    Fail(Failure),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Fail(refusal.into())
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fail(fault.into())
    }
}

/// The state as it will be once the effects collected so far are done.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) state: &'a State,
    pub(super) promised: Epoch,
    pub(super) serial: i64,
    pub(super) committed: Option<TxId>,
    effects: Vec<Effect>,
}

impl<'a> Draft<'a> {
    pub(super) fn push(&mut self, effect: Effect) {
        match &effect {
            Effect::PromiseEpoch(epoch) => {
                if *epoch > self.promised {
                    self.serial = State::NO_SERIAL;
                }
                self.promised = *epoch;
            }
            Effect::NoteIpcSerial(serial) => self.serial = *serial,
            Effect::SetCommittedTxId(txid) => self.committed = Some(*txid),
            _ => {}
        }
        self.effects.push(effect);
    }

    /// Closes the open segment, if any, and leaves its file in progress.
    pub(super) fn abort_segment(&mut self) {
        if self.state.open.is_some() {
            self.push(Effect::AbortSegment);
        }
    }
}

/// Runs a decision over a draft of the state.
pub(super) fn decide<R>(
    state: &State,
    body: impl FnOnce(&mut Draft<'_>) -> Result<R, Stop>,
) -> Decision<R> {
    let mut draft = Draft {
        state,
        promised: state.last_promised_epoch,
        serial: state.ipc_serial,
        committed: state.committed_txid,
        effects: Vec::new(),
    };
    let answer = match body(&mut draft) {
        Ok(reply) => Ok(reply),
        Err(Stop::Ask(query)) => return Decision::Ask(query),
        Err(Stop::Fail(failure)) => Err(failure),
    };
    match &state.out_of_service {
        Some(reason) if draft.effects.iter().any(Effect::is_durable) => Decision::Act {
            effects: Vec::new(),
            answer: Err(Refusal::OutOfService { reason: reason.clone() }.into()),
        },
        _ => Decision::Act { effects: draft.effects, answer },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided};

    #[test]
    fn a_draft_sees_what_its_effects_will_do() {
        let state = Given::formatted().promised(3).serial(9).committed(5).state();
        decided(
            &state,
            decide(&state, |draft| {
                draft.push(Effect::PromiseEpoch(Epoch(3)));
                assert_eq!(draft.serial, 9, "the same promise is no new writer");
                draft.push(Effect::PromiseEpoch(Epoch(4)));
                assert_eq!((draft.promised, draft.serial), (Epoch(4), State::NO_SERIAL));
                draft.push(Effect::NoteIpcSerial(2));
                draft.push(Effect::SetCommittedTxId(TxId(7)));
                assert_eq!((draft.serial, draft.committed), (2, Some(TxId(7))));
                draft.abort_segment();
                Ok(())
            }),
        )
        .answers(())
        .leaves(|state| {
            state.last_promised_epoch = Epoch(4);
            state.ipc_serial = 2;
            state.committed_txid = Some(TxId(7));
        });
    }

    #[test]
    fn a_question_drops_the_effects_collected_so_far() {
        let state = Given::formatted().state();
        let decision: Decision<()> = decide(&state, |draft| {
            draft.push(Effect::PromiseEpoch(Epoch(1)));
            Err(Stop::Ask(Query::FreeSpace))
        });
        assert_eq!(decision, Decision::Ask(Query::FreeSpace));
    }

    #[test]
    fn out_of_service_nothing_durable_happens() {
        let state = Given::formatted().out_of_service().state();
        for effect in [Effect::PreUpgrade, Effect::SetCommittedTxId(TxId(1)), Effect::AbortSegment]
        {
            let decision = decide(&state, |draft| {
                draft.push(effect);
                Ok(())
            });
            decided(&state, decision).fails("IOException", "out of service").changes_nothing();
        }
    }
}
