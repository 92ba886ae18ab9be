use super::cache::CachedEdits;
use super::decision::Stop;
use super::{EditsQuery, Fault, Fetch, Query, ScanTarget, Tail};
use crate::types::{Epoch, PaxosRecord, StorageInfo, TxId};

/// What the shell found out for a request so far. A query that failed is a fact too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    known: Vec<(Query, Result<Answer, Fault>)>,
}

/// The answer to a [`Query`], of the kind that the query asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To [`Query::Scan`].
    Tail(Tail),
    /// To [`Query::Paxos`].
    Paxos(Option<PaxosRecord>),
    /// To [`Query::FreeSpace`], in bytes.
    FreeSpace(u64),
    /// To [`Query::Download`].
    Download(bool),
    /// To [`Query::Fetch`]: the file is there, synced, and holds what it should.
    Fetched,
    /// To [`Query::Edits`]: as many as could be read, perhaps none.
    Edits(CachedEdits),
    /// To [`Query::PreviousVersion`] and [`Query::CurrentVersion`].
    Version(Option<StorageInfo>),
}

impl Facts {
    /// Adds what the shell found out.
    pub fn learn(&mut self, query: Query, answer: Result<Answer, Fault>) {
        self.known.push((query, answer));
    }

    /// The fact, or the question for it.
    fn ask(&self, query: Query) -> Result<Answer, Stop> {
        match self.known.iter().find(|(known, _)| *known == query) {
            Some((_, Ok(answer))) => Ok(answer.clone()),
            Some((_, Err(fault))) => Err(fault.clone().into()),
            None => Err(Stop::Ask(query)),
        }
    }

    pub(super) fn tail(&self, target: ScanTarget) -> Result<Tail, Stop> {
        match self.ask(Query::Scan(target))? {
            Answer::Tail(tail) => Ok(tail),
            other => Err(mismatch(&other)),
        }
    }

    pub(super) fn paxos(&self, first: TxId) -> Result<Option<PaxosRecord>, Stop> {
        match self.ask(Query::Paxos(first))? {
            Answer::Paxos(record) => Ok(record),
            other => Err(mismatch(&other)),
        }
    }

    pub(super) fn free_space_bytes(&self) -> Result<u64, Stop> {
        match self.ask(Query::FreeSpace)? {
            Answer::FreeSpace(bytes) => Ok(bytes),
            other => Err(mismatch(&other)),
        }
    }

    pub(super) fn download(&self, first: TxId, epoch: Epoch) -> Result<bool, Stop> {
        match self.ask(Query::Download { first, epoch })? {
            Answer::Download(exists) => Ok(exists),
            other => Err(mismatch(&other)),
        }
    }

    pub(super) fn fetched(&self, fetch: Fetch) -> Result<(), Stop> {
        match self.ask(Query::Fetch(fetch))? {
            Answer::Fetched => Ok(()),
            other => Err(mismatch(&other)),
        }
    }

    /// What the files gave, and what they were asked for. A request asks them once: the end of
    /// the log may be another one by the time it is decided again.
    pub(super) fn edits(&self) -> Result<Option<(&EditsQuery, CachedEdits)>, Stop> {
        let asked = self.known.iter().find_map(|(query, answer)| match query {
            Query::Edits(query) => Some((query, answer)),
            _ => None,
        });
        match asked {
            None => Ok(None),
            Some((query, Ok(Answer::Edits(edits)))) => Ok(Some((query, edits.clone()))),
            Some((_, Ok(other))) => Err(mismatch(other)),
            Some((_, Err(fault))) => Err(fault.clone().into()),
        }
    }

    pub(super) fn version(&self, query: Query) -> Result<Option<StorageInfo>, Stop> {
        match self.ask(query)? {
            Answer::Version(info) => Ok(info),
            other => Err(mismatch(&other)),
        }
    }
}

/// A bug of the shell, contained to the request that met it.
fn mismatch(answer: &Answer) -> Stop {
    let message = format!("internal error: {answer:?} does not answer the query");
    Stop::from(Fault { java_class: "java.io.IOException", message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_another_kind_is_a_fault_and_no_panic() {
        let mut facts = Facts::default();
        facts.learn(Query::FreeSpace, Ok(Answer::Fetched));
        facts.learn(Query::Paxos(TxId(1)), Ok(Answer::FreeSpace(1)));
        for stop in [facts.free_space_bytes().unwrap_err(), facts.paxos(TxId(1)).unwrap_err()] {
            assert!(
                matches!(stop, Stop::Fail(failure) if failure.java_class() == "java.io.IOException")
            );
        }
    }
}
