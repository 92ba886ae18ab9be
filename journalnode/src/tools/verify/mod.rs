//! `journalnode verify`: every byte of a journal's directory that can be checked without
//! anybody's help. Opens files to read and nothing else.

mod assessment;
mod command;
mod file_name;
mod finding;
mod journal;
mod journal_dir;
mod lock;
mod problem;
mod progress;
mod report;
mod segment;
mod sequence;
mod small_files;

pub use command::{Options, run};
pub use finding::{Finding, Severity};
pub use journal::{JournalFacts, check_journal};
pub use journal_dir::{JournalReport, verify_journal};
pub use problem::Problem;
pub use progress::Progress;
pub use segment::{SegmentFacts, check_segment};
