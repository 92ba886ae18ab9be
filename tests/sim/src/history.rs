use std::cell::RefCell;
use std::fmt::Display;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use journalnode::types::{Epoch, TxId};

use crate::Violation;
use crate::checks;
use crate::ledger::{Attempt, Ledger, Opened};
use crate::trace::Trace;

/// What all hosts of a run tell. Checks what can be checked at once.
#[derive(Clone, Debug)]
pub(crate) struct History(Rc<RefCell<Told>>);

#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) now: Duration,
    pub(crate) trace: Trace,
    pub(crate) ledger: Ledger,
    pub(crate) violations: Vec<Violation>,
}

impl History {
    pub(crate) fn new() -> Self {
        let (trace, ledger) = (Trace::new(), Ledger::default());
        let told = Told { now: Duration::ZERO, trace, ledger, violations: Vec::new() };
        Self(Rc::new(RefCell::new(told)))
    }

    pub(crate) fn set_now(&self, now: Duration) {
        self.0.borrow_mut().now = now;
    }

    /// A line of the trace.
    pub(crate) fn note(&self, what: &str) {
        self.0.borrow_mut().note(what);
    }

    /// Looks at, or changes, what was told.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Told) -> T) -> T {
        look(&mut self.0.borrow_mut())
    }

    /// A writer won its epoch, and goes on with `next`.
    pub(crate) fn opened(&self, who: &str, epoch: Epoch, next: TxId) {
        let mut told = self.0.borrow_mut();
        told.note(&format!("{who} opened epoch {epoch}, next {next}"));
        let once = checks::epoch_is_won_once(&told.ledger, epoch);
        let whole = checks::recovery_has_what_was_acknowledged(&told.ledger, epoch, next);
        told.report(once.into_iter().chain(whole));
        let at = told.ledger.tick();
        told.ledger.opened.insert(epoch, Opened { at, next });
    }

    /// A writer asks for something; gives the number of the event.
    pub(crate) fn asks(&self) -> u64 {
        self.0.borrow_mut().ledger.tick()
    }

    /// A writer is about to write these.
    pub(crate) fn attempts(&self, epoch: Epoch, transactions: &[(TxId, Bytes)]) {
        let mut told = self.0.borrow_mut();
        for (txid, bytes) in transactions {
            let attempt = Attempt { epoch, bytes: bytes.clone() };
            told.ledger.attempts.entry(*txid).or_default().push(attempt);
        }
    }

    /// What was asked for in event `asked_at` succeeded.
    pub(crate) fn succeeded(&self, who: &str, epoch: Epoch, what: &dyn Display, asked_at: u64) {
        let mut told = self.0.borrow_mut();
        told.note(&format!("{who} {what} done, epoch {epoch}"));
        let fenced = checks::no_success_after_fencing(&told.ledger, epoch, asked_at);
        told.report(fenced);
    }

    /// These were acknowledged.
    pub(crate) fn acknowledged(&self, epoch: Epoch, transactions: &[(TxId, Bytes)]) {
        let mut told = self.0.borrow_mut();
        for (txid, bytes) in transactions {
            let found = checks::recovery_had_what_was_acknowledged(&told.ledger, epoch, *txid);
            let one = checks::one_content(&told.ledger, *txid, bytes);
            told.report(found.into_iter().chain(one));
            let attempt = Attempt { epoch, bytes: bytes.clone() };
            told.ledger.acknowledged.insert(*txid, attempt);
        }
    }

    /// A reader was told that this is committed.
    pub(crate) fn read(&self, txid: TxId, bytes: &Bytes) {
        let mut told = self.0.borrow_mut();
        let one = checks::one_content(&told.ledger, txid, bytes);
        told.report(one);
        told.ledger.read.insert(txid, bytes.clone());
    }
}

impl Told {
    pub(crate) fn note(&mut self, what: &str) {
        self.trace.note(self.now, what);
    }

    pub(crate) fn report(&mut self, violations: impl IntoIterator<Item = Violation>) {
        for violation in violations {
            self.note(&format!("VIOLATION {violation}"));
            self.violations.push(violation);
        }
    }
}
