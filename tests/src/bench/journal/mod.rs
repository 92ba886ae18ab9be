//! `scripts/bench journal`: a JournalNode's speed, ours beside Java's and beside what the disk
//! alone takes, held against the goals.
//!
//! [`LINES`] is everything that is measured and what it is to reach, and each [`Section`] measures
//! some of the lines, in a file of its own. Every server has a turn in every round. Both are
//! written to by the same client: ours ([`QuorumWriter`](journalnode::quorum::QuorumWriter)), or,
//! in [`Section::HadoopClient`], Hadoop's own. A second instance of ours is the control: what it
//! differs by from the first is noise, and no verdict is spoken inside of that.

mod awake;
mod bench;
mod circumstances;
mod cold;
mod cpu;
mod download;
mod edits;
mod extent;
mod figures;
mod floor;
mod goal;
mod goals;
mod hadoop_client;
mod journals;
mod json;
mod latency;
mod line;
mod memory;
mod plot;
mod quorum;
mod recovery;
mod section;
mod segments;
mod series;
mod server;
mod size;
mod start;
mod stream;
mod table;
mod turns;
mod usage;
mod verdict;
mod who;
mod window;

pub use awake::Awake;
pub use bench::Bench;
pub use circumstances::circumstances;
pub use extent::Extent;
pub use figures::{Comparison, Figures};
pub use goal::Goal;
pub use goals::LINES;
pub use json::json;
pub use line::Line;
pub use plot::plot;
pub use section::Section;
pub use series::Series;
pub use table::table;
pub use verdict::Verdict;
pub use who::Who;

use floor::{Floor, Floors};
use server::Server;
use stream::{OP_BYTES, Stream};
use turns::{turns, warm_up};
use usage::Usage;
use window::Window;
