use thiserror::Error;

use super::{OpenSegment, State, Tail};
use crate::types::{Epoch, SegmentFile, StorageInfo, TxId};

/// What a journal's process knows of it, and a process that goes on in its place must know: what
/// the directory says, to be compared, and what it does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// From `VERSION`.
    pub info: Option<StorageInfo>,
    /// From `last-promised-epoch`.
    pub last_promised_epoch: Epoch,
    /// From `last-writer-epoch`.
    pub last_writer_epoch: Epoch,
    /// From `committed-txid`.
    pub committed_txid: Option<TxId>,
    /// Serial number of the writer's latest request.
    pub ipc_serial: i64,
    /// The segment being written, all of it synced.
    pub open: Option<OpenSegment>,
    /// First transaction of the segment that was opened last.
    pub last_opened: Option<TxId>,
    /// The last transaction that readers may see.
    pub highest_written: TxId,
}

/// What is not as another process says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} differs from what the process before knew")]
pub struct Mismatch(pub &'static str);

impl State {
    /// What a successor must know. `None` if this journal cannot be passed on: its disk failed,
    /// or a batch is not synced.
    pub fn memory(&self) -> Option<Memory> {
        let synced = self.open.is_none_or(|open| open.last == open.last_synced);
        (synced && self.out_of_service.is_none()).then(|| Memory {
            info: self.info.clone(),
            last_promised_epoch: self.last_promised_epoch,
            last_writer_epoch: self.last_writer_epoch,
            committed_txid: self.committed_txid,
            ipc_serial: self.ipc_serial,
            open: self.open,
            last_opened: self.last_opened,
            highest_written: self.highest_written,
        })
    }

    /// Everything in the open segment was synced.
    pub fn note_settled(&mut self) {
        if let Some(open) = &mut self.open {
            open.last_synced = open.last;
        }
    }

    /// Goes on where the process before stopped, if the directory that was just read agrees with
    /// it in everything that both know.
    pub fn resume(&mut self, memory: &Memory) -> Result<(), Mismatch> {
        self.agrees_with(memory)?;
        if let Some(open) = memory.open {
            let tail = Tail { header: Some(open.layout_version), last: open.last };
            self.remember_tail(SegmentFile::in_progress(open.first), tail);
        }
        self.ipc_serial = memory.ipc_serial;
        self.open = memory.open;
        self.last_opened = memory.last_opened;
        self.highest_written = memory.highest_written;
        Ok(())
    }

    fn agrees_with(&self, memory: &Memory) -> Result<(), Mismatch> {
        let agree =
            |what: &'static str, same: bool| if same { Ok(()) } else { Err(Mismatch(what)) };
        agree("VERSION", self.info == memory.info)?;
        agree("last-promised-epoch", self.last_promised_epoch == memory.last_promised_epoch)?;
        agree("last-writer-epoch", self.last_writer_epoch == memory.last_writer_epoch)?;
        agree("committed-txid", self.committed_txid == memory.committed_txid)?;
        let Some(open) = memory.open else { return Ok(()) };
        let is_listed = self.segments.contains(&SegmentFile::in_progress(open.first));
        agree("the open segment", is_listed && open.last == open.last_synced)?;
        let ends = open.last.is_none_or(|last| last == memory.highest_written);
        agree("the end of the log", ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, batch, decided, info};
    use crate::engine::{Contents, journal};

    fn writing() -> State {
        Given::written_by(2).serial(7).committed(8).open(5, 9).highest(9).state()
    }

    /// What a successor reads of the directory of this state.
    fn read_again(state: &State) -> State {
        let contents = Contents {
            info: state.info.clone(),
            last_promised_epoch: state.last_promised_epoch,
            last_writer_epoch: state.last_writer_epoch,
            committed_txid: state.committed_txid,
            segments: state.segments.iter().copied().collect(),
        };
        State::new(state.directory.clone(), contents, state.reserve_bytes, None)
    }

    #[test]
    fn the_next_batch_and_serial_are_accepted_as_if_nothing_had_happened() {
        let before = writing();
        let mut after = read_again(&before);
        after.resume(&before.memory().unwrap()).unwrap();
        let next = batch(info(2, 8), 5, 10, 12);
        assert_eq!(journal(&after, &next), journal(&before, &next));
        decided(&after, journal(&after, &batch(info(2, 7), 5, 10, 12)))
            .fails("JournalOutOfSyncException", "serial 7 was not higher");
        assert_eq!(after.memory(), before.memory());
    }

    #[test]
    fn a_journal_whose_disk_failed_is_not_passed_on() {
        let state = Given::written_by(2).out_of_service().state();
        assert_eq!(state.memory(), None);
    }

    #[test]
    fn a_batch_that_is_not_synced_is_not_passed_on_before_it_is() {
        let mut state = writing();
        state.open.as_mut().unwrap().last_synced = Some(TxId(8));
        assert_eq!(state.memory(), None);
        state.note_settled();
        assert_eq!(state.memory().unwrap().open.unwrap().last_synced, Some(TxId(9)));
    }

    #[test]
    fn whatever_differs_nothing_is_resumed() {
        type Change = fn(&mut Memory);
        let changes: [(&str, Change); 7] = [
            ("VERSION", |memory| memory.info = None),
            ("last-promised-epoch", |memory| memory.last_promised_epoch = Epoch(3)),
            ("last-writer-epoch", |memory| memory.last_writer_epoch = Epoch(1)),
            ("committed-txid", |memory| memory.committed_txid = Some(TxId(9))),
            ("the open segment", |memory| memory.open.as_mut().unwrap().first = TxId(6)),
            ("the open segment", |memory| memory.open.as_mut().unwrap().last_synced = None),
            ("the end of the log", |memory| memory.highest_written = TxId(8)),
        ];
        let before = writing();
        for (what, change) in changes {
            let mut memory = before.memory().unwrap();
            change(&mut memory);
            let (mut after, unread) = (read_again(&before), read_again(&before));
            assert_eq!(after.resume(&memory), Err(Mismatch(what)));
            assert_eq!(after, unread, "{what}");
        }
    }
}
