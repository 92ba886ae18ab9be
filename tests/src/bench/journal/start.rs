use std::time::Instant;

use anyhow::Result;

use super::{Bench, Server, Usage, turns};
use crate::bench::JournalWriter;

const JOURNAL: &str = "start";

/// From exec until the first RPC is answered, and what the processor did meanwhile.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let mut servers = Server::all(&bench.folder("start"), &bench.site())?;
    turns(bench.extent.starts, &mut servers, |_, server| {
        let begun = Instant::now();
        server.node.spawn()?;
        bench.runtime.block_on(JournalWriter::await_first_answer(&server.node, JOURNAL))?;
        bench.figures.add("start", server.who, begun.elapsed().as_secs_f64() * 1e3);
        let cpu = Usage::of(server)?.cpu;
        bench.figures.add("start-cpu", server.who, cpu.as_secs_f64() * 1e3);
        server.node.kill()
    })
}
