use super::disk::{DiskError, OpenMode};
use super::error::StorageError;
use super::{JournalFiles, current_dir};
use crate::editlog::{EditsFlaw, EditsReader, Position};
use crate::engine::EditsQuery;
use crate::engine::cache::CachedEdits;
use crate::types::SegmentFile;

/// What the edits files gave.
#[derive(Debug)]
pub struct EditsRead {
    /// The transactions; none if the first one could not be read.
    pub edits: CachedEdits,
    /// Where the next one is, for who reads on.
    pub next: Option<Position>,
    /// Why it is less than asked for, if a file is to blame.
    pub flaw: Option<StorageError>,
}

impl JournalFiles {
    /// Reads consecutive transactions, each checked, from as many segments as it takes. `hint`
    /// may tell where to begin in the first one.
    pub fn read_edits(&self, query: &EditsQuery, hint: Option<Position>) -> EditsRead {
        let mut reader = EditsReader::new(query.since, query.max, query.max_bytes);
        let (mut next, mut flaw) = (None, None);
        for file in &query.segments {
            match self.read_segment(&mut reader, query, *file, hint) {
                Ok(position) => next = Some(position),
                Err(error) => {
                    flaw = Some(error);
                    break;
                }
            }
            if reader.is_full() {
                break;
            }
        }
        let (count, log) = reader.into_log();
        EditsRead { edits: CachedEdits { count, edit_log: log.into() }, next, flaw }
    }

    fn read_segment(
        &self,
        reader: &mut EditsReader,
        query: &EditsQuery,
        segment: SegmentFile,
        hint: Option<Position>,
    ) -> Result<Position, StorageError> {
        let name = current_dir::name_of(self.disk.as_ref(), &self.layout, segment)?;
        let path = self.layout.current.join(name);
        let file = self.disk.open(&path, OpenMode::Read)?;
        let last = segment.last.map_or(query.up_to, |last| last.min(query.up_to));
        let read = reader.read(file.as_ref(), segment.first, last, hint);
        read.map_err(|flaw: EditsFlaw<DiskError>| match flaw {
            EditsFlaw::Read(error) => error.into(),
            other => StorageError::corrupt(&path, other.to_string()),
        })
    }
}
