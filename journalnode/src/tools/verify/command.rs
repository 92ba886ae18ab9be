use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Progress, lock, report, verify_journal};
use crate::storage::disk::{Disk, DiskError, EntryKind, RealDisk};
use hadoop_ipc::tools::ToolExit;

/// What makes a directory that of a journal, whatever state it is in.
const MARKS: [&str; 4] = ["current", "previous", "previous.tmp", "removed.tmp"];

/// Check every segment, checksum and small file of a journal. Changes nothing.
///
/// Exit status: 0 if all is well, 1 if something was found, 2 if not all could be read.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// A journal's directory, or an edits directory with journals in it.
    directory: PathBuf,
    /// One JSON object instead of text.
    #[arg(long)]
    json: bool,
}

/// Checks the journals and reports on standard output.
pub fn run(options: &Options) -> ToolExit {
    let journals = match journals(&options.directory) {
        Ok(journals) if journals.is_empty() => {
            let directory = options.directory.display();
            eprintln!("journalnode: there is no journal in {directory}: none has a current/");
            return ToolExit::Failed;
        }
        Ok(journals) => journals,
        Err(error) => {
            eprintln!("journalnode: {error}");
            return ToolExit::Failed;
        }
    };
    let progress = Progress::on_terminal();
    let verify = |root: &PathBuf| verify_journal(root, lock::holder(root), &progress);
    let reports: Vec<_> = journals.iter().map(verify).collect();
    progress.clear();
    let mut out = BufWriter::new(io::stdout().lock());
    let printed = if options.json {
        writeln!(out, "{}", report::to_json(&reports))
    } else {
        report::print(&mut out, &reports)
    };
    ToolExit::of("journalnode", printed.and_then(|()| out.flush()).map(|()| report::exit(&reports)))
}

/// The directory itself if it is a journal's, else those in it that are.
fn journals(directory: &Path) -> Result<Vec<PathBuf>, DiskError> {
    let entries = RealDisk.read_dir(directory)?;
    if entries.iter().any(|entry| MARKS.contains(&entry.name.as_str())) {
        return Ok(vec![directory.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in entries {
        let path = directory.join(&entry.name);
        let is_directory = RealDisk.kind(&path)? == Some(EntryKind::Directory);
        if is_directory && MARKS.iter().any(|mark| path.join(mark).exists()) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
