//! `scripts/soak`: a user's cluster under load for as long as one likes, with log rolls, checkpoints,
//! purges and failovers, and a look at what our daemons take all the while: nothing may grow.

mod bound;
mod figure;
mod report;
mod run;
mod series;
mod usage;

pub use bound::Bound;
pub use figure::Figure;
pub use report::{Report, Row};
pub use run::Run;
pub use series::Series;
pub use usage::Usage;
