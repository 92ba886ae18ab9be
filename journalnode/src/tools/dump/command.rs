use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::line::{damage_text, json, op_text};
use super::summary::Summary;
use crate::editlog::{Record, Records};
use crate::storage::disk::{Disk, DiskError, DiskFile, OpenMode, RealDisk};
use hadoop_ipc::tools::ToolExit;

/// List the operations of an edits file.
///
/// Exit status: 0 if the file is whole, 1 if it is damaged, 2 if it could not be read.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// An edits file: edits_… or edits_inprogress_…
    file: PathBuf,
    /// One JSON object per line.
    #[arg(long)]
    json: bool,
    /// Go on behind damage, where Java's reader would find the next operation.
    #[arg(long)]
    all: bool,
}

/// Lists the file on standard output.
pub fn run(options: &Options) -> ToolExit {
    let file = match RealDisk.open(&options.file, OpenMode::Read) {
        Ok(file) => file,
        Err(error) => return failed(&error),
    };
    let out = BufWriter::new(io::stdout().lock());
    ToolExit::of(
        "journalnode",
        Dump { options, out, summary: Summary::default() }.run(file.as_ref()),
    )
}

fn failed(error: &DiskError) -> ToolExit {
    eprintln!("journalnode: {error}");
    ToolExit::Failed
}

struct Dump<'a, W: Write> {
    options: &'a Options,
    out: W,
    summary: Summary,
}

impl<W: Write> Dump<'_, W> {
    fn run(mut self, file: &(dyn DiskFile + 'static)) -> io::Result<ToolExit> {
        let mut records = match Records::open(file) {
            Ok(Ok(records)) => records,
            Ok(Err(fault)) => {
                eprintln!("journalnode: {}: {fault}", self.path().display());
                return Ok(ToolExit::Found);
            }
            Err(error) => return Ok(failed(&error)),
        };
        self.begin(records.layout_version().0)?;
        loop {
            match records.next_record() {
                Ok(Some(record)) if self.show(&record)? => {}
                Ok(_) => break,
                Err(error) => return self.out.flush().map(|()| failed(&error)),
            }
        }
        self.end()
    }

    fn path(&self) -> &Path {
        &self.options.file
    }

    fn begin(&mut self, layout_version: i32) -> io::Result<()> {
        if self.options.json {
            return Ok(());
        }
        let path = self.options.file.display();
        writeln!(self.out, "{path}: layout version {layout_version}")?;
        writeln!(self.out, "{:>19} {:>12} {:>9}  checksum  operation", "txid", "offset", "length")
    }

    /// Prints a record. Answers whether to go on.
    fn show(&mut self, record: &Record) -> io::Result<bool> {
        self.summary.note(record);
        if self.options.json {
            writeln!(self.out, "{}", json(record))?;
        } else if let Some(text) = op_text(record) {
            writeln!(self.out, "{text}")?;
        } else if let Record::Damage { offset, reason, resumes_at } = record {
            self.out.flush()?;
            let text = damage_text(*offset, reason, self.summary.last, *resumes_at);
            eprintln!("journalnode: {}: {text}", self.path().display());
            if !self.options.all && resumes_at.is_some() {
                eprintln!("journalnode: stopped there; --all goes on behind it");
            }
        }
        Ok(self.options.all || !matches!(record, Record::Damage { .. }))
    }

    fn end(mut self) -> io::Result<ToolExit> {
        if !self.options.json {
            writeln!(self.out, "{}", self.summary)?;
        }
        self.out.flush()?;
        Ok(if self.summary.damaged == 0 { ToolExit::Clean } else { ToolExit::Found })
    }
}
