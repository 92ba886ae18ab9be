use super::Journal;
use super::journal::fault;
use crate::engine::{Answer, Fault, Query};
use crate::storage::StorageError;

/// Answers to what the engine asks before it decides.
impl Journal {
    pub(super) async fn find_out(&self, query: &Query) -> Result<Answer, Fault> {
        if let Query::Fetch(fetch) = query {
            let fetched = self.fetcher.fetch(&self.files, fetch, self.options.blocking).await;
            return fetched.map(|()| Answer::Fetched).map_err(|error| Fault::from(&error));
        }
        self.options.blocking.run(|| self.look_up(query)).map_err(|error| fault(&error))
    }

    fn look_up(&self, query: &Query) -> Result<Answer, StorageError> {
        let files = &self.files;
        Ok(match query {
            Query::Scan(target) => Answer::Tail(self.scan(*target)?),
            Query::Edits(query) => self.read_edits(query),
            Query::Paxos(first) => Answer::Paxos(files.paxos(*first)?),
            Query::FreeSpace => Answer::FreeSpace(files.free_space_bytes()?),
            Query::Download { first, epoch } => {
                Answer::Download(files.download_exists(*first, *epoch)?)
            }
            Query::PreviousVersion => Answer::Version(files.previous_version()?),
            // A fetch takes a peer, and is answered above.
            Query::CurrentVersion | Query::Fetch(_) => {
                Answer::Version(Some(files.current_version()?))
            }
        })
    }
}
