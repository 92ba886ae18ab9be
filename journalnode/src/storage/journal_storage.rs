use std::collections::BTreeSet;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use super::best_effort_long::BestEffortLong;
use super::disk::{Disk, DiskError, HeldLock};
use super::error::StorageError;
use super::journal_files::JournalFiles;
use super::layout::{COMMITTED_TXID, LAST_PROMISED_EPOCH, LAST_WRITER_EPOCH, Layout, with_suffix};
use super::options::StorageOptions;
use super::passed_segment::PassedSegment;
use super::persistent_long::PersistentLong;
use super::segment_writer::{AppendFailure, SegmentWriter};
use super::{
    analysis, current_dir, format, lock, paxos_file, purge, rejoin, replace, settle, torn_tail,
    upgrade, version_file,
};
use crate::engine::Contents;
use crate::engine::Effect;
use crate::engine::{Outcome, Rejoin};
use crate::mutant;
use crate::types::{Epoch, LayoutVersion, SegmentFile, StorageInfo, TxId};

/// The write side of a journal's directory: holds `in_use.lock`, the open segment and the
/// small files. One owner; every call blocks.
///
/// Dropped in an orderly way it removes the lock file. It never finalizes or cuts the open
/// segment then: the next writer recovers it.
#[derive(Debug)]
pub struct JournalStorage {
    disk: Arc<dyn Disk>,
    layout: Arc<Layout>,
    options: StorageOptions,
    /// None while there is no directory that could be locked.
    lock: Option<Box<dyn HeldLock>>,
    info: Option<StorageInfo>,
    promised: PersistentLong,
    writer: PersistentLong,
    committed: BestEffortLong,
    segment: Option<SegmentWriter>,
    /// The segment that was closed last, if it ends with what was written.
    trimmed: Option<PathBuf>,
}

impl JournalStorage {
    /// Finds out what the directory `root` holds, after finishing what a crash interrupted.
    /// It is locked if it exists; it is never created.
    pub fn open(
        disk: Arc<dyn Disk>,
        root: PathBuf,
        options: StorageOptions,
    ) -> Result<(Self, Contents), StorageError> {
        let layout = Arc::new(Layout::new(root));
        let mut held = None;
        let mut info = None;
        let mut segments = BTreeSet::new();
        if analysis::is_usable(disk.as_ref(), &layout)? {
            held = Some(lock::lock(disk.as_ref(), &layout)?);
            let is_formatted = analysis::recover(disk.as_ref(), &layout)?;
            segments = current_dir::segments(disk.as_ref(), &layout)?;
            if is_formatted {
                settle::settle(disk.as_ref(), &layout, &segments)?;
                let version = version_file::read(disk.as_ref(), &layout.root, &layout.version());
                info = Some(version?);
            }
        }
        let storage = Self { lock: held, ..Self::unlocked(disk, layout, options, info)? };
        storage.with_contents(segments)
    }

    /// With what the small files say, and no segment open.
    fn unlocked(
        disk: Arc<dyn Disk>,
        layout: Arc<Layout>,
        options: StorageOptions,
        info: Option<StorageInfo>,
    ) -> Result<Self, StorageError> {
        let (promised, writer) = load_epochs(disk.as_ref(), &layout)?;
        let committed = BestEffortLong::new(layout.current.join(COMMITTED_TXID));
        let (lock, segment, trimmed) = (None, None, None);
        Ok(Self {
            disk,
            layout,
            options,
            lock,
            info,
            promised,
            writer,
            committed,
            segment,
            trimmed,
        })
    }

    fn with_contents(
        mut self,
        segments: BTreeSet<SegmentFile>,
    ) -> Result<(Self, Contents), StorageError> {
        let contents = self.contents(segments)?;
        Ok((self, contents))
    }

    /// Goes on for another process with a directory that it had locked and has let go of.
    /// Changes nothing, whether or not the directory is what that process says.
    pub fn resume(
        disk: Arc<dyn Disk>,
        root: PathBuf,
        options: StorageOptions,
        shared_lock: OwnedFd,
        open: Option<&PassedSegment>,
    ) -> Result<(Self, Contents), StorageError> {
        let layout = Arc::new(Layout::new(root));
        let lock = lock::adopt(disk.as_ref(), &layout, shared_lock)?;
        let info = match analysis::is_formatted(disk.as_ref(), &layout)? {
            true => Some(version_file::read(disk.as_ref(), &layout.root, &layout.version())?),
            false => None,
        };
        let segment = open.map(|segment| {
            let path = layout.segment(SegmentFile::in_progress(segment.first));
            SegmentWriter::resume(disk.as_ref(), path, segment, options.sync_on_write)
        });
        let segment = segment.transpose()?;
        let segments = current_dir::segments(disk.as_ref(), &layout)?;
        let unlocked = Self::unlocked(disk, layout, options, info)?;
        Self { lock: Some(lock), segment, ..unlocked }.with_contents(segments)
    }

    /// Syncs what was not synced, and says where the open segment ends.
    pub fn settle(&mut self) -> Result<Option<(u64, u64, u64)>, StorageError> {
        let Some(segment) = self.segment.as_mut() else { return Ok(None) };
        match segment.sync() {
            Ok(()) => Ok(Some(segment.place())),
            Err(failure) => Err(self.recover_segment(failure)),
        }
    }

    /// A descriptor of the lock for another process; `None` if nothing is locked.
    pub fn share_lock(&self) -> io::Result<Option<OwnedFd>> {
        self.lock.as_ref().map(|lock| lock.share()).transpose()
    }

    /// Lets go of everything without touching a file: another process goes on with it.
    pub fn leave(mut self) {
        if let Some(lock) = &mut self.lock {
            lock.leave();
        }
    }

    /// The lock is this process's own from now on.
    pub fn take_up_lock(&mut self) -> io::Result<()> {
        self.lock.as_mut().map_or(Ok(()), |lock| lock.take_up(&lock::owner()))
    }

    /// The read side.
    pub fn files(&self) -> JournalFiles {
        JournalFiles { disk: self.disk.clone(), layout: self.layout.clone() }
    }

    /// Removes the lock file and gives the lock back.
    pub fn close(self) {}

    /// Makes one effect durable.
    pub fn apply(&mut self, effect: &Effect) -> Result<Outcome, StorageError> {
        match effect {
            Effect::NoteIpcSerial(_)
            | Effect::NoteHighestWritten(_)
            | Effect::NoteDamaged { .. }
            | Effect::NoteSound(_) => {}
            Effect::PromiseEpoch(_) if mutant::is("promise-in-memory-only") => {}
            Effect::PromiseEpoch(epoch) => self.promised.set(self.disk.as_ref(), epoch.0)?,
            Effect::SetWriterEpoch(epoch) => self.writer.set(self.disk.as_ref(), epoch.0)?,
            Effect::SetCommittedTxId(txid) => {
                self.committed.set(self.disk.as_ref(), Some(*txid))?;
            }
            Effect::OpenSegment { first, layout_version } => {
                self.open_segment(*first, *layout_version)?;
            }
            Effect::Append { records, sync, .. } => return self.append(records, *sync),
            Effect::AbortSegment => self.close_segment(false)?,
            Effect::CloseSegment => self.close_segment(true)?,
            Effect::FinalizeSegment { first, last } => self.finalize_segment(*first, *last)?,
            Effect::MoveAsideEmpty(file) => self.move_aside(*file, ".empty")?,
            Effect::MoveAsideStale(file) => self.move_aside(*file, ".stale")?,
            Effect::DeletePaxos(first) => {
                paxos_file::delete(self.disk.as_ref(), &self.layout, *first)?;
            }
            Effect::WritePaxos(record) => {
                paxos_file::write(self.disk.as_ref(), &self.layout, record)?;
            }
            Effect::InstallDownload { first, epoch } => self.install_download(*first, *epoch)?,
            Effect::InstallSynced { first, last } => self.install_synced(*first, *last)?,
            Effect::ReplaceDamaged { first, last, .. } => {
                let file = SegmentFile::finalized(*first, *last);
                replace::replace(self.disk.as_ref(), &self.layout, file)?;
            }
            _ => return self.apply_to_directory(effect),
        }
        Ok(Outcome::Done)
    }

    /// The effects after which everything is read again.
    fn apply_to_directory(&mut self, effect: &Effect) -> Result<Outcome, StorageError> {
        let (disk, layout) = (self.disk.clone(), self.layout.clone());
        let disk = disk.as_ref();
        match effect {
            Effect::Purge { min_to_keep, last_opened } => {
                let left = purge::purge(disk, &layout, *min_to_keep, *last_opened)?;
                return Ok(Outcome::Reloaded(self.contents(left)?));
            }
            Effect::Discard { from } => purge::discard(disk, &layout, *from)?,
            Effect::Format { info, force } => self.format(info, *force)?,
            Effect::Rejoin(request) => self.rejoin(request)?,
            Effect::PreUpgrade => {
                self.committed.close();
                upgrade::pre_upgrade(disk, &layout)?;
                // Java goes on as formatted, with the epochs it knows.
            }
            Effect::Upgrade(info) => {
                self.committed.close();
                upgrade::upgrade(disk, &layout, info, (self.options.now)())?;
                self.reload()?;
            }
            Effect::Rollback => {
                self.committed.close();
                upgrade::rollback(disk, &layout)?;
                self.reload()?;
            }
            Effect::FinalizeUpgrade => {
                upgrade::finalize(disk, &layout)?;
                return Ok(Outcome::Done);
            }
            _ => {}
        }
        let segments = current_dir::segments(disk, &layout)?;
        Ok(Outcome::Reloaded(self.contents(segments)?))
    }

    /// What the small files say now, beside these segments. A directory may hold 100,000: it
    /// is listed once for whatever is done to it.
    fn contents(&mut self, segments: BTreeSet<SegmentFile>) -> Result<Contents, StorageError> {
        let disk = self.disk.as_ref();
        Ok(Contents {
            info: self.info.clone(),
            last_promised_epoch: Epoch(self.promised.settle(disk)?),
            last_writer_epoch: Epoch(self.writer.settle(disk)?),
            committed_txid: self.committed.read(disk)?,
            segments,
        })
    }

    /// Forgets what was cached of `current`, which is another directory now.
    fn reload(&mut self) -> Result<(), StorageError> {
        let disk = self.disk.as_ref();
        self.committed.close();
        (self.promised, self.writer) = load_epochs(disk, &self.layout)?;
        self.info = match version_file::read(disk, &self.layout.root, &self.layout.version()) {
            Err(StorageError::Disk(error)) if error.is_not_found() => None,
            info => Some(info?),
        };
        Ok(())
    }

    fn format(&mut self, info: &StorageInfo, force: bool) -> Result<(), StorageError> {
        let disk = self.disk.clone();
        self.lock_for_format(disk.as_ref())?;
        if !force {
            format::check_empty(disk.as_ref(), &self.layout)?;
        }
        self.segment = None;
        self.committed.close();
        self.info = None;
        format::format(disk.as_ref(), &self.layout, info, &self.options)?;
        self.reload()
    }

    fn rejoin(&mut self, request: &Rejoin) -> Result<(), StorageError> {
        let disk = self.disk.clone();
        self.lock_for_format(disk.as_ref())?;
        self.segment = None;
        self.committed.close();
        self.info = None;
        rejoin::rejoin(disk.as_ref(), &self.layout, request, &self.options)?;
        self.reload()
    }

    /// Java lets go of the lock and takes it again, and forgets to after a refusal. A lock
    /// that is held stays held here, unless somebody removed the directory under it.
    fn lock_for_format(&mut self, disk: &dyn Disk) -> Result<(), StorageError> {
        if disk.kind(&self.layout.root)?.is_none() {
            self.lock = None;
            disk.create_dir_all(&self.layout.root)?;
        }
        if self.lock.is_none() {
            self.lock = Some(lock::lock(disk, &self.layout)?);
        }
        Ok(())
    }

    fn open_segment(
        &mut self,
        first: TxId,
        layout_version: LayoutVersion,
    ) -> Result<(), StorageError> {
        self.close_segment(false)?;
        let path = self.layout.segment(SegmentFile::in_progress(first));
        let sync_on_write = self.options.sync_on_write;
        let disk = self.disk.as_ref();
        self.segment = Some(SegmentWriter::create(disk, path, layout_version, sync_on_write)?);
        Ok(())
    }

    fn append(&mut self, records: &Bytes, sync: bool) -> Result<Outcome, StorageError> {
        let Some(segment) = self.segment.as_mut() else {
            return Err(StorageError::IllegalState("no segment open".to_owned()));
        };
        let started = Instant::now();
        match segment.append(records, sync) {
            Ok(()) => Ok(Outcome::Synced(started.elapsed())),
            Err(failure) => Err(self.recover_segment(failure)),
        }
    }

    fn recover_segment(&mut self, failure: AppendFailure) -> StorageError {
        match self.segment.take() {
            Some(segment) => {
                let (segment, error) = segment.recover(self.disk.as_ref(), failure);
                self.segment = segment;
                error
            }
            None => StorageError::IllegalState("no segment open".to_owned()),
        }
    }

    /// Closes the open segment, if there is one. Java does not sync here; but a batch that
    /// was acknowledged unsynced must not vanish behind a name that vouches for it.
    fn close_segment(&mut self, trim: bool) -> Result<(), StorageError> {
        let Some(segment) = self.segment.as_mut() else { return Ok(()) };
        if mutant::is("finalize-before-sync") {
            self.segment = None;
            return Ok(());
        }
        if let Err(failure) = segment.sync() {
            return Err(self.recover_segment(failure));
        }
        let path = trim.then(|| segment.path().to_owned());
        let trimmed = if trim { segment.trim() } else { Ok(()) };
        self.segment = None;
        self.trimmed = path.filter(|_| trimmed.is_ok());
        Ok(trimmed?)
    }

    fn finalize_segment(&mut self, first: TxId, last: TxId) -> Result<(), StorageError> {
        let from = self.layout.segment(SegmentFile::in_progress(first));
        let to = self.layout.segment(SegmentFile::finalized(first, last));
        if self.segment.as_ref().is_some_and(|segment| segment.path() == from) {
            self.close_segment(true)?;
        }
        // One that this process wrote need not be read again.
        if self.trimmed.take().as_ref() != Some(&from) {
            torn_tail::cut(self.disk.as_ref(), &from, last)?;
        }
        match self.disk.rename_no_replace(&from, &to) {
            Err(error) if error.is_already_exists() => Err(StorageError::IllegalState(format!(
                "Can't finalize edits file {} since finalized file already exists",
                from.display()
            ))),
            renamed if mutant::is("skip-the-directory-sync-of-segments") => Ok(renamed?),
            renamed => Ok(renamed.and_then(|()| self.disk.sync_dir(&self.layout.current))?),
        }
    }

    fn move_aside(&mut self, file: SegmentFile, suffix: &str) -> Result<(), StorageError> {
        let name = current_dir::name_of(self.disk.as_ref(), &self.layout, file)?;
        let from = self.layout.current.join(name);
        Ok(self.rename_in_current(&from, &with_suffix(&from, suffix))?)
    }

    fn install_download(&mut self, first: TxId, epoch: Epoch) -> Result<(), StorageError> {
        let from = self.layout.download(first, epoch);
        let to = self.layout.segment(SegmentFile::in_progress(first));
        Ok(self.rename_in_current(&from, &to)?)
    }

    /// Never over a file that is there: that one may be whole, and this one a lie.
    fn install_synced(&mut self, first: TxId, last: TxId) -> Result<(), StorageError> {
        let file = SegmentFile::finalized(first, last);
        let to = self.layout.segment(file);
        self.disk.rename_no_replace(&self.layout.synced(file), &to)?;
        Ok(self.disk.sync_dir(&self.layout.current)?)
    }

    fn rename_in_current(
        &self,
        from: &std::path::Path,
        to: &std::path::Path,
    ) -> Result<(), DiskError> {
        self.disk.rename(from, to)?;
        self.disk.sync_dir(&self.layout.current)
    }
}

fn load_epochs(
    disk: &dyn Disk,
    layout: &Layout,
) -> Result<(PersistentLong, PersistentLong), StorageError> {
    let load = |name| PersistentLong::load(disk, layout.current.join(name));
    Ok((load(LAST_PROMISED_EPOCH)?, load(LAST_WRITER_EPOCH)?))
}
