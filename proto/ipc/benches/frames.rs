//! How fast packets are cut out of a byte stream that comes in pieces:
//! `cargo bench --package hadoop-ipc --bench frames`.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use hadoop_ipc::frame::FrameDecoder;

/// Of a packet: what a batch takes on the wire, about.
const PACKET_BYTES: [usize; 4] = [200, 1_100, 10_100, 1_000_100];
const LIMIT_BYTES: usize = 64 << 20;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("frames");
    for packet_bytes in PACKET_BYTES {
        let stream = stream(packet_bytes);
        let mut decoder = FrameDecoder::new(LIMIT_BYTES);
        group.throughput(Throughput::Bytes(packet_bytes as u64));
        group.bench_function(format!("packets of {packet_bytes} bytes"), |bencher| {
            bencher.iter(|| decode(&mut decoder, black_box(&stream)));
        });
    }
    group.finish();
    criterion.final_summary();
}

/// One packet in, one packet out.
fn decode(decoder: &mut FrameDecoder, mut stream: &[u8]) -> usize {
    let mut packets = 0;
    while !stream.is_empty() {
        let taken = decoder.push(stream);
        stream = &stream[taken..];
        while let Ok(Some(packet)) = decoder.next_frame() {
            packets += black_box(packet).len();
        }
    }
    packets
}

fn stream(packet_bytes: usize) -> Vec<u8> {
    let mut stream = (packet_bytes as u32).to_be_bytes().to_vec();
    stream.resize(stream.len() + packet_bytes, 7);
    stream
}
