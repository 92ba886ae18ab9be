/// Changes that are made together, in order.
#[derive(Debug, Default)]
pub(in crate::index) struct Batch(Vec<Change>);

/// One change of a [`Batch`].
#[derive(Debug)]
pub(in crate::index) enum Change {
    /// Sets the value of a key.
    Put(Vec<u8>, Vec<u8>),
    /// Removes a key, if it is there.
    Remove(Vec<u8>),
    /// Removes every key of a range, without its end.
    RemoveRange(Vec<u8>, Vec<u8>),
}

impl Batch {
    pub(in crate::index) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.0.push(Change::Put(key, value));
    }

    pub(in crate::index) fn remove(&mut self, key: Vec<u8>) {
        self.0.push(Change::Remove(key));
    }

    pub(in crate::index) fn remove_range(&mut self, from: Vec<u8>, to: Vec<u8>) {
        self.0.push(Change::RemoveRange(from, to));
    }

    pub(in crate::index) fn into_changes(self) -> Vec<Change> {
        self.0
    }
}
