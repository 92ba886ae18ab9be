//! What state a journal's directory is in, and how to get out of a half-done upgrade
//! (`StorageDirectory.analyzeStorage` and `doRecover`).

use super::disk::{Disk, DiskError, EntryKind};
use super::error::StorageError;
use super::layout::Layout;
use super::upgrade;

/// What to do with a directory before it can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// VERSION is there: formatted.
    Normal,
    /// Nothing is there.
    NotFormatted,
    CompleteUpgrade,
    RecoverUpgrade,
    CompleteRollback,
    RecoverRollback,
    CompleteFinalize,
    CompleteCheckpoint,
    RecoverCheckpoint,
}

/// Which of the directories and files that matter exist.
#[derive(Clone, Copy, Debug, Default)]
struct Presence {
    version: bool,
    previous: bool,
    previous_tmp: bool,
    removed_tmp: bool,
    finalized_tmp: bool,
    checkpoint_tmp: bool,
}

/// Whether there is a directory that can hold a journal. If not, the journal counts as not
/// formatted, and is not locked.
pub(super) fn is_usable(disk: &dyn Disk, layout: &Layout) -> Result<bool, DiskError> {
    let is_directory = disk.kind(&layout.root)? == Some(EntryKind::Directory);
    Ok(is_directory && disk.is_writable(&layout.root))
}

/// Finishes what a crash interrupted. Answers whether the journal is formatted.
///
/// Java leaves a journal "not formatted" after a recovery, until the process starts again;
/// this looks again.
pub(super) fn recover(disk: &dyn Disk, layout: &Layout) -> Result<bool, StorageError> {
    let step = analyse(disk, layout)?;
    if matches!(step, Step::Normal | Step::NotFormatted) {
        return Ok(step == Step::Normal);
    }
    tracing::info!(directory = %layout.root.display(), ?step, "finishing what was interrupted");
    // What a killed process renamed and did not sync must be there before anything is removed.
    disk.sync_dir(&layout.root)?;
    take(disk, layout, step)?;
    Ok(analyse(disk, layout)? == Step::Normal)
}

/// Whether the journal is formatted; an error if something was interrupted, which is left as it
/// is.
pub(super) fn is_formatted(disk: &dyn Disk, layout: &Layout) -> Result<bool, StorageError> {
    match analyse(disk, layout)? {
        Step::Normal => Ok(true),
        Step::NotFormatted => Ok(false),
        _ => Err(StorageError::inconsistent(&layout.root, "something was interrupted here")),
    }
}

fn analyse(disk: &dyn Disk, layout: &Layout) -> Result<Step, StorageError> {
    let exists = |path: &std::path::Path| Ok::<_, DiskError>(disk.kind(path)?.is_some());
    let presence = Presence {
        version: exists(&layout.version())?,
        previous: exists(&layout.previous)?,
        previous_tmp: exists(&layout.previous_tmp())?,
        removed_tmp: exists(&layout.removed_tmp())?,
        finalized_tmp: exists(&layout.finalized_tmp())?,
        checkpoint_tmp: exists(&layout.last_checkpoint_tmp())?,
    };
    presence.step().map_err(|reason| StorageError::inconsistent(&layout.root, reason))
}

impl Presence {
    fn step(self) -> Result<Step, &'static str> {
        let Self { version, previous, previous_tmp, removed_tmp, finalized_tmp, checkpoint_tmp } =
            self;
        let temporary = [previous_tmp, removed_tmp, finalized_tmp, checkpoint_tmp];
        match temporary.iter().filter(|there| **there).count() {
            0 if version => Ok(Step::Normal),
            0 if previous => Err("version file in current directory is missing."),
            0 => Ok(Step::NotFormatted),
            1 if checkpoint_tmp && version => Ok(Step::CompleteCheckpoint),
            1 if checkpoint_tmp => Ok(Step::RecoverCheckpoint),
            1 if finalized_tmp && previous => {
                Err("previous and finalized.tmpcannot exist together.")
            }
            1 if finalized_tmp => Ok(Step::CompleteFinalize),
            1 if previous_tmp && previous => {
                Err("previous and previous.tmp cannot exist together.")
            }
            1 if previous_tmp && version => Ok(Step::CompleteUpgrade),
            1 if previous_tmp => Ok(Step::RecoverUpgrade),
            1 if version == previous => Err(
                "one and only one directory current or previous must be present when removed.tmp exists.",
            ),
            1 if version => Ok(Step::CompleteRollback),
            1 => Ok(Step::RecoverRollback),
            _ => Err("too many temporary directories."),
        }
    }
}

fn take(disk: &dyn Disk, layout: &Layout, step: Step) -> Result<(), StorageError> {
    let Layout { root, current, previous, .. } = layout;
    match step {
        Step::Normal | Step::NotFormatted => return Ok(()),
        Step::CompleteUpgrade => {
            upgrade::carry_small_files(disk, &layout.previous_tmp(), current)?;
            disk.rename(&layout.previous_tmp(), previous)?;
        }
        Step::RecoverUpgrade => {
            upgrade::carry_epochs(disk, current, &layout.previous_tmp())?;
            remove_if_there(disk, current)?;
            disk.rename(&layout.previous_tmp(), current)?;
        }
        Step::CompleteRollback => {
            upgrade::carry_epochs(disk, &layout.removed_tmp(), current)?;
            disk.remove_dir_all(&layout.removed_tmp())?;
        }
        Step::RecoverRollback => disk.rename(&layout.removed_tmp(), current)?,
        Step::CompleteFinalize => disk.remove_dir_all(&layout.finalized_tmp())?,
        Step::CompleteCheckpoint => {
            remove_if_there(disk, &layout.previous_checkpoint())?;
            disk.rename(&layout.last_checkpoint_tmp(), &layout.previous_checkpoint())?;
        }
        Step::RecoverCheckpoint => {
            remove_if_there(disk, current)?;
            disk.rename(&layout.last_checkpoint_tmp(), current)?;
        }
    }
    Ok(disk.sync_dir(root)?)
}

/// Removes a directory, if it exists.
pub(super) fn remove_if_there(disk: &dyn Disk, path: &std::path::Path) -> Result<(), DiskError> {
    match disk.remove_dir_all(path) {
        Err(error) if error.is_not_found() => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(there: &str) -> Result<Step, &'static str> {
        let has = |letter: char| there.contains(letter);
        Presence {
            version: has('V'),
            previous: has('P'),
            previous_tmp: has('p'),
            removed_tmp: has('r'),
            finalized_tmp: has('f'),
            checkpoint_tmp: has('c'),
        }
        .step()
    }

    #[test]
    fn jn_117_every_row_of_the_table() {
        for (there, expected) in [
            ("V", Step::Normal),
            ("VP", Step::Normal),
            ("", Step::NotFormatted),
            ("Vc", Step::CompleteCheckpoint),
            ("VPc", Step::CompleteCheckpoint),
            ("c", Step::RecoverCheckpoint),
            ("Vf", Step::CompleteFinalize),
            ("f", Step::CompleteFinalize),
            ("Vp", Step::CompleteUpgrade),
            ("p", Step::RecoverUpgrade),
            ("Vr", Step::CompleteRollback),
        ] {
            assert_eq!(step(there), Ok(expected), "{there}");
        }
        // The name of the table: P alone means that `previous` took the place of `current`
        // only in name; Java brings the removed one back.
        assert_eq!(step("Pr"), Ok(Step::RecoverRollback));
        for there in ["P", "Pf", "VPf", "Pp", "VPp", "r", "VPr", "Vpr", "cf", "Pprfc"] {
            assert!(step(there).is_err(), "{there}");
        }
    }
}
