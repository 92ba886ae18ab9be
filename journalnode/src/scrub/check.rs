use std::io;
use std::time::SystemTime;

use rustix::io::Errno;

use super::SegmentRecord;
use super::content::Content;
use super::pace::Pace;
use super::paced_file::{PacedFile, ReadStop};
use crate::editlog::{self, Extent, HeaderFault, SegmentFlaw};
use crate::engine::SegmentDamage;
use crate::storage::disk::DiskError;
use crate::storage::{JournalFiles, OpenedSegment, StorageError};
use crate::types::{SegmentFile, TxId};

/// What reading a finished segment from end to end has shown.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    pub(super) bytes: u64,
    pub(super) verdict: Verdict,
}

#[derive(Clone, Debug)]
pub(super) enum Verdict {
    /// It is as it should be: like this.
    Sound(SegmentRecord),
    /// It is not. With what it says, if it can be read to its end.
    Damaged(SegmentDamage, Option<Content>),
    /// It could not be read now, which says nothing about the file.
    Unknown(String),
    /// The process is ending.
    Stopped,
}

/// Reads a segment, checks every checksum and every transaction's place, and compares it with
/// what was recorded of it. Blocks the thread for as long as the pace makes it take.
pub(super) fn check(
    files: &JournalFiles,
    segment: SegmentFile,
    record: Option<&SegmentRecord>,
    pace: &Pace,
) -> Checked {
    match files.open_segment(segment) {
        Ok(opened) => check_opened(&opened, segment, record, pace),
        Err(StorageError::Disk(error)) => Checked { bytes: 0, verdict: unreadable(&error) },
        Err(error) => Checked { bytes: 0, verdict: Verdict::Unknown(error.to_string()) },
    }
}

fn check_opened(
    opened: &OpenedSegment,
    segment: SegmentFile,
    record: Option<&SegmentRecord>,
    pace: &Pace,
) -> Checked {
    let file = PacedFile::new(opened.file.as_ref(), pace);
    let last = segment.last.unwrap_or(segment.first);
    let verdict = match editlog::verify(&file, segment.first, last) {
        Ok(extent) => compare(opened, (segment.first, last), extent, &file, record),
        Err(SegmentFlaw::Read(ReadStop::Stopped)) => Verdict::Stopped,
        Err(SegmentFlaw::Read(ReadStop::Disk(error))) => unreadable(&error),
        // Before Hadoop 2.3: whole or not, nobody can tell.
        Err(SegmentFlaw::Header(fault @ HeaderFault::NotFramed(_))) => {
            Verdict::Unknown(fault.to_string())
        }
        Err(flaw) => damaged(describe(flaw), true, None),
    };
    Checked { bytes: file.bytes_read(), verdict }
}

/// The digest says more than the checksums: they leave out the header and what is missing.
fn compare(
    opened: &OpenedSegment,
    (first, last): (TxId, TxId),
    extent: Extent,
    file: &PacedFile<'_>,
    record: Option<&SegmentRecord>,
) -> Verdict {
    let Some(digest) = file.digest() else {
        return Verdict::Unknown("it was not read in one go".to_owned());
    };
    let len_bytes = file.bytes_read();
    let found = SegmentRecord { first, last, len_bytes, digest, checked_at: SystemTime::now() };
    let Some(record) = record else { return Verdict::Sound(found) };
    if (record.len_bytes, record.digest) == (len_bytes, digest) {
        return Verdict::Sound(found);
    }
    let content = match Content::read(opened.file.as_ref(), extent.content_bytes) {
        Ok(content) => content,
        Err(error) => return unreadable(&error),
    };
    opened.file.forget_cached();
    // More or less padding than there was is no damage: a recovery leaves it, a writer cuts it.
    if extent.stray.is_none() && content.is_recorded_as(record) {
        return Verdict::Sound(found);
    }
    let what = format!(
        "every checksum is good, but it has {len_bytes} bytes with MD5 {digest}, and had {} with \
         MD5 {}",
        record.len_bytes, record.digest
    );
    damaged(what, false, Some(content))
}

fn damaged(what: String, withheld: bool, content: Option<Content>) -> Verdict {
    Verdict::Damaged(SegmentDamage { what, withheld }, content)
}

fn describe(flaw: SegmentFlaw<ReadStop>) -> String {
    match flaw {
        SegmentFlaw::Read(_) => "it cannot be read".to_owned(),
        SegmentFlaw::Header(fault) => fault.to_string(),
        SegmentFlaw::Damaged { offset, behind } => {
            SegmentFlaw::<io::Error>::Damaged { offset, behind }.to_string()
        }
        SegmentFlaw::OutOfOrder { offset, found, expected } => {
            SegmentFlaw::<io::Error>::OutOfOrder { offset, found, expected }.to_string()
        }
        SegmentFlaw::OtherEnd { found, expected } => {
            SegmentFlaw::<io::Error>::OtherEnd { found, expected }.to_string()
        }
    }
}

/// A file that is gone or that the disk does not give back is damaged; a process that is short
/// of something, or may not look, knows nothing.
fn unreadable(error: &DiskError) -> Verdict {
    const PASSING: [Errno; 8] = [
        Errno::NOMEM,
        Errno::MFILE,
        Errno::NFILE,
        Errno::ACCESS,
        Errno::PERM,
        Errno::AGAIN,
        Errno::INTR,
        Errno::STALE,
    ];
    let passes =
        PASSING.iter().any(|errno| error.source.raw_os_error() == Some(errno.raw_os_error()));
    let text = error.to_string();
    if passes { Verdict::Unknown(text) } else { damaged(text, true, None) }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use super::*;
    use crate::editlog::{encode_header, encode_op};
    use crate::storage::disk::faulty::FaultyDisk;
    use crate::storage::disk::{Disk, OpenMode};
    use crate::types::LayoutVersion;

    const FIRST: TxId = TxId(1);
    const LAST: TxId = TxId(3);

    fn found(content: &[u8], record: Option<&SegmentRecord>, readable: bool) -> Verdict {
        let disk = FaultyDisk::new(1);
        let file = Path::new("/j/current/edits_0000000000000000001-0000000000000000003");
        disk.create_dir_all(Path::new("/j/current")).unwrap();
        let opened = disk.open(file, OpenMode::Truncate { sync_on_write: false }).unwrap();
        opened.write_all_at(content, 0).unwrap();
        if !readable {
            disk.make_unreadable(file).unwrap();
        }
        let files = JournalFiles::new(Arc::new(disk), PathBuf::from("/j"));
        check(&files, SegmentFile::finalized(FIRST, LAST), record, &Pace::new(None)).verdict
    }

    fn segment(version: i32) -> Vec<u8> {
        let mut content = encode_header(LayoutVersion(version)).to_vec();
        (1..=3).for_each(|txid| content.extend(encode_op(3, TxId(txid), b"body")));
        content
    }

    fn recorded(content: &[u8]) -> SegmentRecord {
        match found(content, None, true) {
            Verdict::Sound(record) => record,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_good_segment_is_sound_whatever_padding_it_has() {
        let good = segment(-67);
        let record = recorded(&good);
        assert_eq!(record.len_bytes, good.len() as u64);
        let padded = [good.clone(), vec![0xff; 5000]].concat();
        for (content, record) in [(&good, recorded(&padded)), (&padded, record)] {
            assert!(matches!(found(content, Some(&record), true), Verdict::Sound(_)));
        }
    }

    #[test]
    fn every_flipped_bit_is_damage_once_the_segment_was_known() {
        let good = segment(-67);
        let record = recorded(&good);
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let verdict = found(&bad, Some(&record), true);
            // A header that turns the version into one of long ago cannot be judged.
            let in_version = bit / 8 < 4 && matches!(verdict, Verdict::Unknown(_));
            assert!(in_version || matches!(verdict, Verdict::Damaged(..)), "{bit}: {verdict:?}");
        }
    }

    #[test]
    fn what_the_disk_does_not_give_back_is_damaged_and_what_nobody_can_judge_is_not() {
        let unreadable = found(&segment(-67), None, false);
        assert!(
            matches!(&unreadable, Verdict::Damaged(damage, None) if damage.withheld),
            "{unreadable:?}"
        );
        let ancient = found(&segment(-40), None, true);
        assert!(matches!(ancient, Verdict::Unknown(_)), "{ancient:?}");
    }
}
