use super::decision::{Draft, Stop};
use super::{Effect, Refusal, RequestInfo};
use crate::mutant;
use crate::types::{StorageInfo, TxId};

/// `Journal.checkFormatted`.
pub(super) fn formatted<'a>(draft: &Draft<'a>) -> Result<&'a StorageInfo, Stop> {
    let state = draft.state;
    let directory = || state.directory.clone();
    Ok(state.info.as_ref().ok_or_else(|| Refusal::NotFormatted { directory: directory() })?)
}

/// `Journal.checkRequest`. Each step stays done even if a later one refuses: any request with
/// a higher epoch fences the lower ones, whatever else is wrong with it.
pub(super) fn request(draft: &mut Draft<'_>, info: &RequestInfo) -> Result<(), Stop> {
    let RequestInfo { epoch, ipc_serial, committed_txid } = *info;
    if epoch < draft.promised && !mutant::is("serve-a-fenced-writer") {
        return Err(Refusal::OldEpoch { epoch, promised: draft.promised }.into());
    }
    if epoch > draft.promised {
        formatted(draft)?;
        draft.push(Effect::PromiseEpoch(epoch));
    }
    if ipc_serial <= draft.serial && !mutant::is("take-a-request-twice") {
        return Err(Refusal::StaleSerial { serial: ipc_serial, highest: draft.serial }.into());
    }
    draft.push(Effect::NoteIpcSerial(ipc_serial));
    if let Some(to) = committed_txid {
        note_committed(draft, to)?;
    }
    in_service(draft)
}

/// "Unknown" is a number in Java, and nothing may move back behind it either.
fn note_committed(draft: &mut Draft<'_>, to: TxId) -> Result<(), Stop> {
    let from = TxId(TxId::to_java(draft.committed));
    if to < from && !mutant::is("accept-a-lower-committed-txid") {
        return Err(Refusal::CommittedBackward { from, to }.into());
    }
    if to != from {
        formatted(draft)?;
        draft.push(Effect::SetCommittedTxId(to));
    }
    Ok(())
}

/// Nobody can tell what the files hold, so not even questions of a recovery are answered.
fn in_service(draft: &Draft<'_>) -> Result<(), Stop> {
    match &draft.state.out_of_service {
        Some(reason) => Err(Refusal::OutOfService { reason: reason.clone() }.into()),
        None => Ok(()),
    }
}

/// `Journal.checkWriteRequest`.
pub(super) fn write_request(draft: &mut Draft<'_>, info: &RequestInfo) -> Result<(), Stop> {
    request(draft, info)?;
    let writer = draft.state.last_writer_epoch;
    if info.epoch != writer && !mutant::is("ignore-the-writer-epoch") {
        return Err(Refusal::NotWriterEpoch { epoch: info.epoch, writer }.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::engine::fixture::{Given, decided, info, telling};
    use crate::engine::{Effect, RequestInfo, State, heartbeat, start_log_segment};
    use crate::engine::{Facts, StartLogSegment};
    use crate::types::{Epoch, LayoutVersion, TxId};

    fn promised_3() -> State {
        Given::written_by(3).serial(10).committed(50).state()
    }

    #[test]
    fn jn_045_writers_need_a_formatted_journal() {
        let state = Given::unformatted().state();
        let txid = TxId(1);
        let request =
            StartLogSegment { info: info(1, 0), txid, layout_version: LayoutVersion::CURRENT };
        decided(&state, start_log_segment(&state, &Facts::default(), &request))
            .fails("JournalNotFormattedException", "Journal /jn/ns1 not formatted")
            .changes_nothing();
    }

    #[test]
    fn jn_046_a_lower_epoch_is_fenced_and_changes_nothing() {
        let state = promised_3();
        for request in [info(2, 99), info(0, 99), info(-1, 99), telling(2, 99, 99)] {
            decided(&state, heartbeat(&state, &request))
                .fails("IOException", "is less than the last promised epoch 3")
                .changes_nothing();
        }
    }

    #[test]
    fn jn_047_a_higher_epoch_is_promised_and_starts_a_new_count() {
        let state = promised_3();
        decided(&state, heartbeat(&state, &info(7, 0)))
            .does([Effect::PromiseEpoch(Epoch(7)), Effect::NoteIpcSerial(0)])
            .answers(())
            .leaves(|state| {
                state.last_promised_epoch = Epoch(7);
                state.ipc_serial = 0;
            });
    }

    #[test]
    fn jn_047_the_promise_outlives_the_refusal_behind_it() {
        let state = promised_3();
        let promise = Effect::PromiseEpoch(Epoch(7));
        decided(&state, heartbeat(&state, &info(7, -1)))
            .fails("JournalOutOfSyncException", "was not higher than prior highest IPC serial -1")
            .does([promise.clone()])
            .leaves(|state| {
                state.last_promised_epoch = Epoch(7);
                state.ipc_serial = State::NO_SERIAL;
            });
        decided(&state, heartbeat(&state, &telling(7, 4, 49)))
            .fails("IllegalArgumentException", "committed txid backward from 50 to 49")
            .does([promise, Effect::NoteIpcSerial(4)])
            .leaves(|state| {
                state.last_promised_epoch = Epoch(7);
                state.ipc_serial = 4;
            });
    }

    #[test]
    fn jn_048_a_serial_comes_once_and_may_leave_gaps() {
        let state = promised_3();
        for serial in [10, 9, 0] {
            let text = format!("IPC serial {serial} was not higher than prior highest");
            decided(&state, heartbeat(&state, &info(3, serial)))
                .fails("JournalOutOfSyncException", &text)
                .changes_nothing();
        }
        for serial in [11, 1000] {
            decided(&state, heartbeat(&state, &info(3, serial)))
                .does([Effect::NoteIpcSerial(serial)])
                .answers(())
                .leaves(|state| state.ipc_serial = serial);
        }
    }

    #[test]
    fn jn_049_the_committed_txid_moves_forward_only() {
        let state = promised_3();
        decided(&state, heartbeat(&state, &telling(3, 11, 49)))
            .fails("IllegalArgumentException", "committed txid backward from 50 to 49")
            .does([Effect::NoteIpcSerial(11)])
            .leaves(|state| state.ipc_serial = 11);
        decided(&state, heartbeat(&state, &telling(3, 11, 51)))
            .answers(())
            .does([Effect::NoteIpcSerial(11), Effect::SetCommittedTxId(TxId(51))])
            .leaves(|state| {
                state.ipc_serial = 11;
                state.committed_txid = Some(TxId(51));
            });
    }

    #[test]
    fn jn_049_unknown_counts_as_minus_12345() {
        let state = Given::formatted().state();
        decided(&state, heartbeat(&state, &telling(0, 0, -12346)))
            .fails("IllegalArgumentException", "backward from -12345 to -12346")
            .does([Effect::NoteIpcSerial(0)])
            .leaves(|state| state.ipc_serial = 0);
    }

    #[test]
    fn jn_050_without_a_committed_txid_the_known_one_stays() {
        let state = promised_3();
        for request in [info(3, 11), telling(3, 11, 50)] {
            decided(&state, heartbeat(&state, &request))
                .does([Effect::NoteIpcSerial(11)])
                .answers(())
                .leaves(|state| state.ipc_serial = 11);
        }
    }

    #[test]
    fn an_unformatted_journal_has_no_file_to_promise_in() {
        let state = Given::unformatted().state();
        let cases: [(RequestInfo, &[Effect]); 2] =
            [(info(1, 0), &[]), (telling(0, 0, 5), &[Effect::NoteIpcSerial(0)])];
        for (request, effects) in cases {
            let decided = decided(&state, heartbeat(&state, &request))
                .fails("JournalNotFormattedException", "not formatted");
            match effects {
                [] => decided.changes_nothing(),
                _ => decided.does([Effect::NoteIpcSerial(0)]).leaves(|state| state.ipc_serial = 0),
            }
        }
    }

    #[test]
    fn out_of_service_refuses_writers_but_fences_first() {
        let state = Given::written_by(3).out_of_service().state();
        decided(&state, heartbeat(&state, &info(2, 0)))
            .fails("IOException", "is less than the last promised epoch 3")
            .changes_nothing();
        decided(&state, heartbeat(&state, &info(3, 0)))
            .fails("IOException", "out of service since its disk failed (EIO)")
            .does([Effect::NoteIpcSerial(0)])
            .leaves(|state| state.ipc_serial = 0);
        decided(&state, heartbeat(&state, &info(4, 0)))
            .fails("IOException", "out of service")
            .changes_nothing();
    }
}
