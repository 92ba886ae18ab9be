use std::fmt;

/// The number of a writer's reign. A higher one fences every lower one, for ever.
///
/// Signed as in Java; the first writer has epoch 1, a fresh journal has promised 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub i64);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
