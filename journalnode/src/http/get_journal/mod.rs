//! `GET /getJournal`: a segment of a journal as a file. NameNodes read edits this way, and
//! peers recover with it. Source: `GetJournalEditServlet`.

mod page;
mod refusal;
mod segment_request;
mod transfer;

pub(super) use page::get_journal;
pub(super) use transfer::MAX_TRANSFERS;
