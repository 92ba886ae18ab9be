//! What it costs to decide about a batch and to take it over, without disk and network:
//! `cargo bench --package journalnode --bench acceptor`.

use std::hint::black_box;
use std::path::PathBuf;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput};
use journalnode::engine::{
    Contents, Decision, Journal, OpenSegment, Outcome, RequestInfo, State, journal,
};
use journalnode::types::{Epoch, LayoutVersion, SegmentFile, StorageInfo, TxId};

const EPOCH: Epoch = Epoch(7);
const FIRST: TxId = TxId(1);
/// Of the log before the open segment: what is decided must not depend on it.
const FINISHED_SEGMENTS: [i64; 2] = [0, 100_000];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("engine");
    group.throughput(Throughput::Elements(1));
    for segments in FINISHED_SEGMENTS {
        let state = writing(segments);
        let request = batch(&state);
        group.bench_function(format!("decide/{segments} segments"), |bencher| {
            bencher.iter(|| journal(black_box(&state), black_box(&request)));
        });
    }
    group.bench_function("decide and commit", |bencher| {
        let (mut state, mut serial) = (writing(0), 0);
        let next = |state: &State| {
            serial += 1;
            let request = batch(state);
            Journal { info: RequestInfo { ipc_serial: serial, ..request.info }, ..request }
        };
        let mut next = next;
        bencher.iter_batched(
            || (),
            |()| decide_and_commit(&mut state, &mut next),
            BatchSize::SmallInput,
        );
    });
    group.finish();
    criterion.final_summary();
}

fn decide_and_commit(state: &mut State, next: &mut impl FnMut(&State) -> Journal) {
    let request = next(state);
    if let Decision::Act { effects, answer } = journal(state, &request) {
        effects.iter().for_each(|effect| state.commit(effect, Outcome::Done));
        assert!(answer.is_ok(), "{answer:?}");
    }
}

/// A journal whose writer has a segment open, behind so many finished ones.
fn writing(segments: i64) -> State {
    let first = TxId(FIRST.0 + segments);
    let mut contents = Contents::default();
    contents.segments.extend((0..segments).map(|at| {
        let txid = TxId(FIRST.0 + at);
        SegmentFile::finalized(txid, txid)
    }));
    contents.segments.insert(SegmentFile::in_progress(first));
    let mut state = State::new(PathBuf::from("/journal"), contents, 0, None);
    state.info = Some(StorageInfo {
        layout_version: LayoutVersion::CURRENT,
        namespace_id: 1,
        cluster_id: "CID-bench".to_owned(),
        c_time: 0,
    });
    (state.last_promised_epoch, state.last_writer_epoch) = (EPOCH, EPOCH);
    let layout_version = LayoutVersion::CURRENT;
    state.open = Some(OpenSegment { first, layout_version, last: None, last_synced: None });
    state
}

fn batch(state: &State) -> Journal {
    let open = state.open.as_ref();
    Journal {
        info: RequestInfo { epoch: EPOCH, ipc_serial: 0, committed_txid: None },
        segment: open.map_or(FIRST, |open| open.first),
        first: open.map_or(FIRST, OpenSegment::next_txid),
        count: 1,
        records: Bytes::from_static(&[0; 1000]),
    }
}
