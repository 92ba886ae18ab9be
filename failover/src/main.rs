//! `zkfc-rs` will take the place of `hdfs zkfc`.

use std::process::ExitCode;

fn main() -> ExitCode {
    eprintln!("zkfc-rs is not there yet; run `hdfs zkfc`, it works beside this JournalNode");
    ExitCode::FAILURE
}
