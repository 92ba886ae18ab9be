//! How fast an edits file in memory is framed and its checksums are checked:
//! `cargo bench --package journalnode --bench scanner`.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use journalnode::editlog::{encode_header, encode_op, scan};
use journalnode::types::{LayoutVersion, TxId};

/// Larger than most caches of a processor, as a segment is.
const SEGMENT_BYTES: usize = 64 << 20;
/// Of an operation, without what frames it.
const BODY_BYTES: [usize; 3] = [100, 1_000, 10_000];
const OP_CODE: u8 = 24;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("scan");
    group.sample_size(20);
    for body_bytes in BODY_BYTES {
        let segment = segment(body_bytes);
        group.throughput(Throughput::Bytes(segment.len() as u64));
        group.bench_function(format!("operations of {body_bytes} bytes"), |bencher| {
            bencher.iter(|| scan(black_box(segment.as_slice()), None));
        });
    }
    group.finish();
    criterion.final_summary();
}

fn segment(body_bytes: usize) -> Vec<u8> {
    let body = vec![7; body_bytes];
    let mut content = encode_header(LayoutVersion::CURRENT).to_vec();
    for txid in 1.. {
        if content.len() >= SEGMENT_BYTES {
            break;
        }
        content.extend(encode_op(OP_CODE, TxId(txid), &body));
    }
    content
}
