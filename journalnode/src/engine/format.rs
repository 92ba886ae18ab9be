use super::decision::{Draft, decide};
use super::{Decision, Effect, Format, Refusal, State};

/// `Journal.format`, in any state and without an epoch. Also drops the open segment, which
/// Java forgets to.
pub fn format(state: &State, request: &Format) -> Decision<()> {
    decide(state, |draft| {
        if request.namespace.namespace_id == 0 {
            return Err(Refusal::UninitializedNamespace.into());
        }
        if draft.state.info.is_some() && !request.force {
            return Err(not_empty(draft).into());
        }
        draft.abort_segment();
        draft.push(Effect::Format { info: request.namespace.clone(), force: request.force });
        Ok(())
    })
}

/// Refused before the storage would, so that the open segment outlives the mistake.
fn not_empty(draft: &Draft<'_>) -> Refusal {
    let reason =
        "Can't format the storage directory because the current directory is not empty.".to_owned();
    Refusal::Inconsistent { directory: draft.state.directory.clone(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, namespace};
    use crate::types::StorageInfo;

    fn formatting(force: bool) -> (Format, Effect) {
        let info = namespace();
        (Format { namespace: info.clone(), force }, Effect::Format { info, force })
    }

    #[test]
    fn jn_053_a_fresh_journal_is_formatted() {
        let state = Given::unformatted().state();
        for force in [false, true] {
            let (request, effect) = formatting(force);
            decided(&state, format(&state, &request)).does([effect]).answers(()).leaves(|_| {});
        }
    }

    #[test]
    fn jn_054_without_force_a_formatted_journal_and_its_open_segment_stay() {
        let state = Given::written_by(2).open(5, 9).state();
        decided(&state, format(&state, &formatting(false).0))
            .fails(
                "InconsistentFSStateException",
                "Can't format the storage directory because the current directory is not empty.",
            )
            .changes_nothing();
    }

    #[test]
    fn jn_055_with_force_the_open_segment_is_dropped_first() {
        let state = Given::written_by(2).open(5, None).state();
        let (request, effect) = formatting(true);
        let Decision::Act { effects, answer } = format(&state, &request) else { panic!("asks") };
        assert_eq!(effects, [Effect::AbortSegment, effect]);
        assert_eq!(answer, Ok(()));
    }

    #[test]
    fn jn_056_a_name_node_that_is_not_formatted_cannot_format() {
        let state = Given::unformatted().state();
        let namespace = StorageInfo { namespace_id: 0, ..namespace() };
        decided(&state, format(&state, &Format { namespace, force: true }))
            .fails("IllegalStateException", "can't format with uninitialized namespace info")
            .changes_nothing();
    }

    #[test]
    fn out_of_service_is_not_healed_by_formatting() {
        let state = Given::written_by(2).out_of_service().state();
        decided(&state, format(&state, &formatting(true).0))
            .fails("IOException", "restart this JournalNode")
            .changes_nothing();
    }
}
