use std::fs;

use journalnode::editlog::encode_header;
use journalnode::engine::{Effect, ScanTarget};
use journalnode::types::{Epoch, LayoutVersion, SegmentFile, TxId};

use crate::fixture::{Journal, append, open_segment, records, set};

const IN_PROGRESS_1: &str = "current/edits_inprogress_0000000000000000001";
const MIB: usize = 1024 * 1024;

fn finalize(first: i64, last: i64) -> Effect {
    Effect::FinalizeSegment { first: TxId(first), last: TxId(last) }
}

#[test]
fn jn_062_jn_063_a_new_segment_is_a_header_and_padding() {
    let mut journal = Journal::formatted();
    let layout_version = LayoutVersion(-65);
    journal.apply(Effect::OpenSegment { first: TxId(1), layout_version });
    let content = fs::read(journal.path(IN_PROGRESS_1)).unwrap();
    assert_eq!(content.len(), 1_048_576);
    assert_eq!(content[..8], [0xFF, 0xFF, 0xFF, 0xBF, 0, 0, 0, 0]);
    assert!(content[8..].iter().all(|byte| *byte == 0xFF));
}

#[test]
fn jn_065_a_segment_of_one_transaction_is_overwritten() {
    let mut journal = Journal::formatted();
    journal.apply(open_segment(1));
    journal.apply(append(1, 1));
    journal.apply(Effect::AbortSegment);
    journal.apply(open_segment(1));
    let target = ScanTarget::Segment(SegmentFile::in_progress(TxId(1)));
    assert_eq!(journal.storage.as_ref().unwrap().files().scan(target).unwrap().last, None);
}

#[test]
fn jn_073_jn_077_padding_grows_by_whole_mebibytes_and_is_cut_when_closed() {
    let mut journal = Journal::formatted();
    journal.apply(open_segment(1));
    let one = records(1, 1).len();
    let fits = (MIB - 8) / one;
    journal.apply(append(1, fits as i64));
    let path = journal.path(IN_PROGRESS_1);
    assert_eq!(fs::metadata(&path).unwrap().len() as usize, MIB);
    journal.apply(append(fits as i64 + 1, 3 * fits as i64));
    let content = fs::read(&path).unwrap();
    assert_eq!(content.len(), 3 * MIB);
    let end = 8 + 3 * fits * one;
    assert_eq!(content[8..end], records(1, 3 * fits as i64));
    assert!(content[end..].iter().all(|byte| *byte == 0xFF));
    journal.apply(Effect::CloseSegment);
    assert_eq!(fs::metadata(&path).unwrap().len() as usize, end);
    journal.apply(finalize(1, 3 * fits as i64));
    assert!(!path.exists());
}

#[test]
fn an_aborted_segment_keeps_its_padding() {
    let mut journal = Journal::formatted();
    journal.apply(open_segment(1));
    journal.apply(append(1, 2));
    journal.apply(Effect::AbortSegment);
    assert_eq!(fs::metadata(journal.path(IN_PROGRESS_1)).unwrap().len() as usize, MIB);
    assert_eq!(journal.java_class_of(append(3, 3)), "IllegalStateException");
}

/// An earlier process wrote transactions 1 and 2, and `behind` follows them.
fn left_with(behind: &[u8]) -> Journal {
    let mut journal = Journal::formatted();
    let content = [&encode_header(LayoutVersion::CURRENT)[..], &records(1, 2), behind].concat();
    fs::write(journal.path(IN_PROGRESS_1), content).unwrap();
    journal.restart().unwrap();
    journal
}

#[test]
fn what_a_power_cut_left_of_a_batch_is_cut_off_when_the_segment_is_finalized() {
    let torn = &records(3, 9)[..40];
    let with_a_hole = [&[0; 512][..], &records(4, 5)].concat();
    for behind in [torn, &with_a_hole, &[torn, &[0xFF; 700]].concat()] {
        let mut journal = left_with(behind);
        journal.apply(finalize(1, 2));
        let path = journal.path("current/edits_0000000000000000001-0000000000000000002");
        assert_eq!(fs::metadata(&path).unwrap().len() as usize, 8 + records(1, 2).len());
    }
}

#[test]
fn jn_077_padding_stays_when_another_process_wrote_the_segment() {
    let mut journal = left_with(&[0xFF; 700]);
    journal.apply(finalize(1, 2));
    let path = journal.path("current/edits_0000000000000000001-0000000000000000002");
    assert_eq!(fs::metadata(&path).unwrap().len() as usize, 8 + records(1, 2).len() + 700);
}

#[test]
fn jn_077_a_finalized_file_is_not_replaced() {
    let mut journal = Journal::formatted();
    journal.put("current/edits_0000000000000000001-0000000000000000002");
    journal.apply(open_segment(1));
    journal.apply(append(1, 2));
    journal.apply(Effect::CloseSegment);
    assert_eq!(journal.java_class_of(finalize(1, 2)), "IllegalStateException");
    assert!(journal.path(IN_PROGRESS_1).exists());
}

#[test]
fn jn_118_files_with_few_digits_are_read_and_moved() {
    let mut journal = Journal::formatted();
    fs::write(journal.path("current/edits_inprogress_7"), [0xFF; 100]).unwrap();
    let file = SegmentFile::in_progress(TxId(7));
    assert_eq!(journal.restart().unwrap().segments, [file].into());
    let files = journal.storage.as_ref().unwrap().files();
    assert_eq!(files.scan(ScanTarget::Segment(file)).unwrap().header, None);
    assert_eq!(files.open_segment(file).unwrap().name, "edits_inprogress_7");
    journal.apply(Effect::MoveAsideEmpty(file));
    assert!(journal.path("current/edits_inprogress_7.empty").exists());
}

#[test]
fn an_opened_segment_outlives_its_rename() {
    let mut journal = Journal::formatted();
    journal.apply(open_segment(1));
    journal.apply(append(1, 2));
    let files = journal.storage.as_ref().unwrap().files();
    let opened = files.open_segment(SegmentFile::in_progress(TxId(1))).unwrap();
    journal.apply(Effect::CloseSegment);
    journal.apply(finalize(1, 2));
    let mut content = vec![0; records(1, 2).len()];
    assert_eq!(opened.file.read_at(&mut content, 8).unwrap(), content.len());
    assert_eq!(content, records(1, 2));
    assert_eq!(opened.len as usize, MIB);
}

#[test]
fn jn_087_jn_089_a_download_is_kept_when_finished_and_renamed_when_installed() {
    let mut journal = Journal::formatted();
    let files = journal.storage.as_ref().unwrap().files();
    let (first, epoch) = (TxId(4), Epoch(3));
    let name = "current/edits_inprogress_0000000000000000004";
    let temporary = journal.path(&format!("{name}.epoch=3"));
    files.create_download(first, epoch).unwrap().write(b"half").unwrap();
    assert!(!temporary.exists() && !files.download_exists(first, epoch).unwrap());
    let mut download = files.create_download(first, epoch).unwrap();
    download.write(b"who").unwrap();
    download.write(b"le").unwrap();
    assert_eq!(download.len_bytes(), 5);
    download.finish().unwrap();
    assert!(files.download_exists(first, epoch).unwrap());
    assert!(!files.download_exists(first, Epoch(30)).unwrap());
    journal.put(name);
    journal.apply(Effect::InstallDownload { first, epoch });
    assert_eq!(fs::read(journal.path(name)).unwrap(), b"whole");
    assert!(!temporary.exists());
}

#[test]
fn jn_083_jn_084_a_purge_deletes_and_marks() {
    let mut journal = Journal::formatted();
    for name in [
        "edits_1-9",
        "edits_5-12",
        "edits_1-9.trash",
        "edits_inprogress_3.empty",
        "edits_inprogress_9.epoch=2",
        "edits_inprogress_11",
        "edits_inprogress_20",
        "paxos/9",
        "paxos/10",
        "paxos/9.tmp",
    ] {
        journal.put(&format!("current/{name}"));
    }
    let (min_to_keep, last_opened) = (TxId(10), Some(TxId(20)));
    let contents = journal.reload(Effect::Purge { min_to_keep, last_opened });
    assert_eq!(
        journal.names("current"),
        set(&[
            "VERSION",
            "edits_1-9.trash",
            "edits_5-12",
            "edits_inprogress_11.stale",
            "edits_inprogress_20",
            "paxos",
        ])
    );
    assert_eq!(journal.names("current/paxos"), set(&["10", "9.tmp"]));
    let kept = [SegmentFile::finalized(TxId(5), TxId(12)), SegmentFile::in_progress(TxId(20))];
    assert_eq!(contents.segments, kept.into());
}

#[test]
fn jn_105_discarding_inside_a_segment_renames_nothing() {
    let mut journal = Journal::formatted();
    for name in ["edits_1-9", "edits_10-12", "edits_13-20", "edits_inprogress_21"] {
        journal.put(&format!("current/{name}"));
    }
    let before = journal.names("current");
    assert_eq!(journal.java_class_of(Effect::Discard { from: TxId(11) }), "IllegalStateException");
    assert_eq!(journal.names("current"), before);
    let contents = journal.reload(Effect::Discard { from: TxId(13) });
    assert_eq!(contents.segments.len(), 2);
    let trash = set(&[
        "VERSION",
        "edits_1-9",
        "edits_10-12",
        "edits_13-20.trash",
        "edits_inprogress_21.trash",
        "paxos",
    ]);
    assert_eq!(journal.names("current"), trash);
}
