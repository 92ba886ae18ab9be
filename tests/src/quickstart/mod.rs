//! A cluster that shows what the JournalNodes do: `scripts/quickstart`.

mod kept;
mod tour;

pub use kept::Kept;
pub use tour::Tour;
