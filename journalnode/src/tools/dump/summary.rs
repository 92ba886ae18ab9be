use std::fmt;

use crate::editlog::Record;

/// What was seen of a file so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) operations: u64,
    pub(super) damaged: u64,
    pub(super) first: Option<i64>,
    pub(super) last: Option<i64>,
    padding_bytes: u64,
}

impl Summary {
    pub(super) fn note(&mut self, record: &Record) {
        match record {
            Record::Op { txid, .. } => {
                self.operations += 1;
                self.first = self.first.or(Some(*txid));
                self.last = Some(*txid);
            }
            Record::Damage { .. } => self.damaged += 1,
            Record::Padding { len_bytes, .. } => self.padding_bytes = *len_bytes,
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operations, damaged, padding_bytes, .. } = self;
        write!(f, "{operations} operations")?;
        if let (Some(first), Some(last)) = (self.first, self.last) {
            write!(f, ", {first} to {last}")?;
        }
        write!(f, "; {damaged} damaged stretches; {padding_bytes} bytes of padding")
    }
}
