use super::{Goal, Section};

/// One line of the table: what is measured, and what it is to reach.
#[derive(Debug)]
pub struct Line {
    /// Its name in code and JSON.
    pub key: &'static str,
    /// Its name for people.
    pub what: &'static str,
    /// Of its values.
    pub unit: &'static str,
    /// Which part of the benchmark measures it.
    pub section: Section,
    /// Each gets a row.
    pub goals: &'static [Goal],
}
