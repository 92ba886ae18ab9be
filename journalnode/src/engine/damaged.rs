use super::decision::decide;
use super::{Decision, Effect, Refusal, SegmentDamage, State, check};
use crate::types::SegmentFile;

/// Takes note that a finished segment is not what it was. Does nothing if it is gone by now:
/// a purge may have been faster than who read it.
pub fn note_damaged(state: &State, file: SegmentFile, damage: &SegmentDamage) -> Decision<bool> {
    decide(state, |draft| {
        let here = !file.is_in_progress() && draft.state.segments.contains(&file);
        if here && draft.state.damaged_segments.get(&file) != Some(damage) {
            draft.push(Effect::NoteDamaged { file, damage: damage.clone() });
        }
        Ok(here)
    })
}

/// Takes note that a segment is as it should be after all.
pub fn note_sound(state: &State, file: SegmentFile) -> Decision<()> {
    decide(state, |draft| {
        if draft.state.damaged_segments.contains_key(&file) {
            draft.push(Effect::NoteSound(file));
        }
        Ok(())
    })
}

/// Puts the copy of a peer, verified and synced, in the place of a damaged segment. Never in
/// the place of another: what is not known to be damaged may be all there is.
pub fn replace_damaged(state: &State, file: SegmentFile, from: &str) -> Decision<()> {
    decide(state, |draft| {
        check::formatted(draft)?;
        let known = draft.state.damaged_segments.contains_key(&file);
        let Some(last) = file.last.filter(|_| known && draft.state.segments.contains(&file)) else {
            return Err(Refusal::NotDamaged(file).into());
        };
        draft.push(Effect::ReplaceDamaged { first: file.first, last, from: from.to_owned() });
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, file, tail};
    use crate::engine::{Contents, Outcome, install_synced};
    use crate::types::TxId;

    fn damage() -> SegmentDamage {
        SegmentDamage { what: "at byte 81".into(), withheld: true }
    }

    fn given() -> Given {
        let known = Given::written_by(2).known(file(1, 4), tail(4));
        known.files([file(5, 9)]).open(10, 12).committed(12)
    }

    fn damaged() -> State {
        given().damaged(file(1, 4), damage()).state()
    }

    fn replace(state: &State, file: SegmentFile) -> Decision<()> {
        replace_damaged(state, file, "jn2:8485")
    }

    #[test]
    fn a_finished_segment_is_marked_once() {
        let state = given().state();
        decided(&state, note_damaged(&state, file(1, 4), &damage()))
            .does([Effect::NoteDamaged { file: file(1, 4), damage: damage() }])
            .answers(true)
            .leaves(|state| {
                state.damaged_segments.insert(file(1, 4), damage());
            });
        let state = damaged();
        decided(&state, note_damaged(&state, file(1, 4), &damage()))
            .answers(true)
            .changes_nothing();
    }

    #[test]
    fn what_was_purged_meanwhile_or_is_being_written_is_not_damaged() {
        let state = given().state();
        for other in [file(1, 5), file(20, 30), file(10, None)] {
            decided(&state, note_damaged(&state, other, &damage()))
                .answers(false)
                .changes_nothing();
        }
    }

    #[test]
    fn a_mark_can_be_taken_back() {
        let state = damaged();
        decided(&state, note_sound(&state, file(1, 4)))
            .does([Effect::NoteSound(file(1, 4))])
            .answers(())
            .leaves(|state| state.damaged_segments.clear());
        decided(&state, note_sound(&state, file(5, 9))).answers(()).changes_nothing();
    }

    #[test]
    fn only_what_is_known_to_be_damaged_is_replaced() {
        let state = damaged();
        let effect =
            Effect::ReplaceDamaged { first: TxId(1), last: TxId(4), from: "jn2:8485".into() };
        decided(&state, replace(&state, file(1, 4))).does([effect]).answers(()).leaves(|state| {
            state.damaged_segments.clear();
            state.forget_tail(file(1, 4));
        });
        for other in [file(5, 9), file(1, 5), file(10, None)] {
            decided(&state, replace(&state, other))
                .fails("IllegalStateException", "is not known to be damaged")
                .changes_nothing();
        }
        let blank = Given::unformatted().state();
        decided(&blank, replace(&blank, file(1, 4)))
            .fails("JournalNotFormattedException", "not formatted")
            .changes_nothing();
    }

    #[test]
    fn out_of_service_nothing_is_replaced_but_damage_is_still_told() {
        let state = given().damaged(file(1, 4), damage()).out_of_service().state();
        decided(&state, replace(&state, file(1, 4)))
            .fails("IOException", "out of service")
            .changes_nothing();
        decided(&state, note_damaged(&state, file(5, 9), &damage())).answers(true);
    }

    #[test]
    fn a_damaged_segment_is_here_and_not_fetched_as_missing() {
        let state = damaged();
        decided(&state, install_synced(&state, TxId(1), TxId(4)))
            .fails("IllegalStateException", "is here")
            .changes_nothing();
    }

    #[test]
    fn a_mark_goes_with_its_file_or_its_directory() {
        let contents = |files: &[SegmentFile]| Contents {
            segments: files.iter().copied().collect(),
            ..Contents::default()
        };
        let purge = Effect::Purge { min_to_keep: TxId(5), last_opened: None };
        for (effect, files, left) in [
            (purge.clone(), vec![file(1, 4), file(5, 9)], 1),
            (purge, vec![file(5, 9)], 0),
            (Effect::Rollback, vec![file(1, 4), file(5, 9)], 0),
            (Effect::Discard { from: TxId(1) }, vec![], 0),
        ] {
            let mut state = given().with(|state| state.open = None).state();
            state.damaged_segments.insert(file(1, 4), damage());
            state.commit(&effect, Outcome::Reloaded(contents(&files)));
            assert_eq!(state.damaged_segments.len(), left, "{effect:?}");
        }
    }
}
