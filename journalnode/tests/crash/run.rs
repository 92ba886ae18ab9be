use std::path::PathBuf;
use std::sync::Arc;

use journalnode::editlog::encode_header;
use journalnode::engine::{Effect, ScanTarget};
use journalnode::storage::disk::Disk;
use journalnode::storage::disk::faulty::FaultyDisk;
use journalnode::storage::{Contents, JournalStorage, StorageError, StorageOptions};
use journalnode::types::{Epoch, LayoutVersion, SegmentFile, TxId};

use crate::model::Model;
use crate::script::{Step, records};

const ROOT: &str = "/edits/j1";

/// A journal on a faulty disk, and what it acknowledged.
pub(crate) struct Journal {
    pub(crate) disk: FaultyDisk,
    options: StorageOptions,
    storage: Option<JournalStorage>,
    /// What was acknowledged.
    model: Model,
    /// The step that failed: it may have happened or not.
    in_doubt: Option<Step>,
}

/// How many disk operations a script takes when nothing goes wrong.
pub(crate) fn operations_of(script: &[Step], sync_on_write: bool) -> u64 {
    let mut journal = Journal::new(0, sync_on_write);
    journal.run(script);
    assert!(!journal.failed(), "{:?}", journal.in_doubt);
    journal.disk.operations()
}

impl Journal {
    pub(crate) fn new(seed: u64, sync_on_write: bool) -> Self {
        let options = StorageOptions { sync_on_write, ..StorageOptions::default() };
        let disk = FaultyDisk::new(seed);
        disk.create_dir_all(&PathBuf::from("/edits")).unwrap();
        Self { disk, options, storage: None, model: Model::default(), in_doubt: None }
    }

    fn open(&self) -> Result<(JournalStorage, Contents), StorageError> {
        JournalStorage::open(Arc::new(self.disk.clone()), PathBuf::from(ROOT), self.options)
    }

    pub(crate) fn failed(&self) -> bool {
        self.in_doubt.is_some()
    }

    /// Runs steps until one fails.
    pub(crate) fn run(&mut self, script: &[Step]) {
        if self.storage.is_none() {
            self.storage = self.open().ok().map(|(storage, _)| storage);
        }
        for step in script {
            if self.try_step(step).is_err() {
                self.in_doubt = Some(step.clone());
                return;
            }
            self.model.acknowledge(step);
        }
    }

    fn try_step(&mut self, step: &Step) -> Result<(), StorageError> {
        let Some(storage) = self.storage.as_mut() else {
            return Err(StorageError::IllegalState("it could not be opened".to_owned()));
        };
        match step {
            Step::Apply(effect) => storage.apply(effect).map(|_| ()),
            Step::Download { first, last, epoch } => {
                let mut file = storage.files().create_download(TxId(*first), Epoch(*epoch))?;
                file.write(&encode_header(LayoutVersion::CURRENT))?;
                file.write(&records(*first, *last))?;
                Ok(file.finish()?)
            }
            Step::Synced { first, last } => {
                let files = storage.files();
                files.create_sync_dir()?;
                let segment = SegmentFile::finalized(TxId(*first), TxId(*last));
                let mut file = files.create_synced(segment)?;
                file.write(&encode_header(LayoutVersion::CURRENT))?;
                file.write(&records(*first, *last))?;
                files.verify_synced(segment)?;
                Ok(file.finish()?)
            }
            Step::Copy { first, last } => {
                let files = storage.files();
                files.create_sync_dir()?;
                let segment = SegmentFile::finalized(TxId(*first), TxId(*last));
                let mut file = files.create_copy(segment, 0)?;
                file.write(&encode_header(LayoutVersion::CURRENT))?;
                file.write(&records(*first, *last))?;
                files.verify_copy(segment, 0)?;
                file.finish()?;
                files.choose_copy(segment, 0)
            }
        }
    }

    /// Goes on after a failure, as a journal does whose caller comes back. A step that changes
    /// the whole directory is for the operator to look at first; and nobody writes between
    /// the steps of an upgrade, which a restart takes back.
    pub(crate) fn go_on_if_usable(&mut self, script: &[Step]) {
        let Some(Step::Apply(effect)) = &self.in_doubt else { return };
        if self.model.info.is_none() || self.model.is_upgrading || is_of_directory(effect) {
            return;
        }
        let in_doubt = self.in_doubt.take();
        self.run(script);
        assert!(!self.failed(), "the journal goes on after {in_doubt:?}: {:?}", self.in_doubt);
        self.in_doubt = in_doubt;
    }

    /// Cuts the power, starts again and checks that nothing acknowledged is missing.
    pub(crate) fn restart(&mut self, context: &str) {
        self.disk.crash();
        self.storage = None;
        let (storage, contents) = self.open().unwrap_or_else(|e| panic!("{context}: {e}"));
        let before = self.model.clone();
        let in_doubt = self.in_doubt.take();
        let mut after = before.clone();
        if let Some(step @ Step::Apply(effect)) = &in_doubt
            && !matches!(effect, Effect::Append { .. })
        {
            after.acknowledge(step);
        }
        let context = format!("{context}, in doubt {in_doubt:?}\nfound {contents:?}");
        let check = Check { storage: &storage, contents: &contents, context: &context };
        let is_format = matches!(in_doubt, Some(Step::Apply(Effect::Format { .. })));
        let is_rejoin = matches!(in_doubt, Some(Step::Apply(Effect::Rejoin(_))));
        if is_rejoin {
            // Formatted with everything, or not formatted: nothing in between.
            let whole = if contents.info.is_some() { &after } else { &before };
            assert_eq!(contents.info, whole.info, "{context}");
            if contents.info.is_some() {
                check.holds(whole, whole);
            }
            self.model = if contents.info.is_some() { after } else { Model::default() };
        } else if is_format && contents.info != before.info {
            assert!(contents.info.is_none() || contents.info == after.info, "{context}");
            self.model = Model::default();
        } else {
            check.holds(&before, &after);
            let found = |first| storage.files().paxos(first).unwrap();
            self.model.adopt(&contents, &after, found);
        }
        self.model.info.clone_from(&contents.info);
        self.model.promised = contents.last_promised_epoch;
        self.model.writer = contents.last_writer_epoch;
        self.storage = Some(storage);
        if contents.info.is_none() {
            self.run(&[Step::Apply(Effect::Format { info: crate::script::info(9), force: true })]);
        }
    }
}

fn is_of_directory(effect: &Effect) -> bool {
    use Effect::{FinalizeUpgrade, Format, PreUpgrade, Rejoin, Rollback, Upgrade};
    matches!(
        effect,
        Format { .. } | Rejoin(_) | PreUpgrade | Upgrade(_) | Rollback | FinalizeUpgrade
    )
}

struct Check<'a> {
    storage: &'a JournalStorage,
    contents: &'a Contents,
    context: &'a str,
}

impl Check<'_> {
    fn holds(&self, before: &Model, after: &Model) {
        let Self { contents, context, .. } = self;
        assert!([&before.info, &after.info].contains(&&contents.info), "{context}");
        assert!(contents.last_promised_epoch >= before.promised, "{context}");
        assert!(contents.last_promised_epoch <= after.promised.max(before.promised), "{context}");
        assert!(contents.last_writer_epoch >= before.writer, "{context}");
        assert!(contents.last_writer_epoch <= after.writer.max(before.writer), "{context}");
        self.acknowledged_batches_are_found(before, after);
        self.finalized_names_do_not_lie();
        self.finalized_segments_stay(before, after);
        self.accepted_recoveries_stay(before, after);
    }

    fn last_in(&self, file: SegmentFile) -> Option<TxId> {
        self.storage.files().scan(ScanTarget::Segment(file)).unwrap().last
    }

    /// Also counts the download that an accepted recovery has not installed yet.
    fn last_of_segment(&self, first: TxId) -> Option<TxId> {
        let files = self.storage.files();
        let download = files.paxos(first).unwrap().and_then(|record| {
            let epoch = record.accepted_in;
            let there = files.download_exists(first, epoch).unwrap();
            there.then(|| files.scan(ScanTarget::Download { first, epoch }).unwrap().last)?
        });
        let same = self.contents.segments.iter().filter(|file| file.first == first);
        same.map(|file| self.last_in(*file)).max().flatten().max(download)
    }

    fn acknowledged_batches_are_found(&self, before: &Model, after: &Model) {
        for (first, last) in &before.durable {
            if after.durable.contains_key(first) {
                assert!(self.last_of_segment(*first) >= Some(*last), "{first}: {}", self.context);
            }
        }
    }

    fn finalized_names_do_not_lie(&self) {
        for file in self.contents.segments.iter().filter(|file| !file.is_in_progress()) {
            assert_eq!(self.last_in(*file), file.last, "{file}: {}", self.context);
        }
    }

    fn finalized_segments_stay(&self, before: &Model, after: &Model) {
        for (first, last) in before.finalized.intersection(&after.finalized) {
            let file = SegmentFile::finalized(*first, *last);
            assert!(self.contents.segments.contains(&file), "{file}: {}", self.context);
        }
    }

    fn accepted_recoveries_stay(&self, before: &Model, after: &Model) {
        for first in before.paxos.keys().chain(after.paxos.keys()) {
            let found = self.storage.files().paxos(*first).unwrap();
            let expected = [before, after].map(|model| model.paxos.get(first).copied());
            assert!(expected.contains(&found), "{first}: {found:?}: {}", self.context);
        }
    }
}
