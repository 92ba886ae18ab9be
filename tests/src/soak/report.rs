use std::collections::BTreeMap;

use serde::Serialize;

use super::{Figure, Series};

/// One figure of one daemon.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Which daemon.
    pub daemon: String,
    /// Which figure.
    pub figure: String,
    /// At the start.
    pub first: f64,
    /// In the middle.
    pub median: f64,
    /// At the end.
    pub last: f64,
    /// At most.
    pub max: f64,
    /// What an hour adds, after the first quarter.
    pub slope_per_hour: f64,
    /// The last quarter above the second.
    pub growth: f64,
    /// What exceeds its bound, if it does.
    pub exceeds: Option<String>,
}

/// What came of a soak.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// For how long there was load.
    pub minutes: f64,
    /// How often was looked.
    pub samples: usize,
    /// Operations that were acknowledged.
    pub acknowledged: usize,
    /// Operations with an unknown end.
    pub unknown: usize,
    /// The longest time without an acknowledgement.
    pub longest_pause_ms: u64,
    /// Failovers that were asked for.
    pub failovers_planned: usize,
    /// Failovers after a kill.
    pub failovers_unplanned: usize,
    /// The last transaction in the journals.
    pub last_txid: u64,
    /// The first one that they still have: all before were purged.
    pub first_txid: u64,
    /// All figures.
    pub rows: Vec<Row>,
    /// What must never be seen, and was; or what grew.
    pub faults: Vec<String>,
}

impl Report {
    /// Notes the figures, and as a fault what exceeds its bound.
    pub fn add_figures(&mut self, figures: &BTreeMap<(String, Figure), Series>) {
        for ((daemon, figure), series) in figures {
            let exceeds = figure.bound().exceeded_by(series);
            self.faults.extend(exceeds.iter().map(|why| format!("{daemon}: {figure} {why}")));
            self.rows.push(Row {
                daemon: daemon.clone(),
                figure: figure.to_string(),
                first: series.first(),
                median: series.median(),
                last: series.last(),
                max: series.max(),
                slope_per_hour: series.slope_per_hour(),
                growth: series.growth(),
                exceeds,
            });
        }
    }

    /// A line for each figure.
    pub fn table(&self) -> String {
        let head = ["daemon", "figure", "first", "median", "last", "max", "per hour", "growth"];
        let [daemon, figure, numbers @ ..] = head;
        let mut text = format!("{daemon:<18}{figure:<13}");
        numbers.iter().for_each(|name| text += &format!("{name:>10}"));
        for row in &self.rows {
            text += &format!("\n{:<18}{:<13}", row.daemon, row.figure);
            for value in [row.first, row.median, row.last, row.max, row.slope_per_hour, row.growth]
            {
                text += &format!("{value:>10.0}");
            }
            text += if row.exceeds.is_some() { "  TOO MUCH" } else { "" };
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daemon_that_leaks_descriptors_is_a_fault_and_one_that_does_not_is_none() {
        let mut figures = BTreeMap::new();
        for (daemon, step) in [("leaky", 1), ("sound", 0)] {
            let mut series = Series::default();
            (0..80u32).for_each(|at| series.add(at.into(), (30 + at * step).into()));
            figures.insert((daemon.to_owned(), Figure::Descriptors), series);
        }
        let mut report = Report::default();
        report.add_figures(&figures);
        assert_eq!(report.faults.len(), 1, "{:?}", report.faults);
        assert!(report.faults[0].starts_with("leaky: descriptors grew by 40"));
        assert!(report.table().lines().nth(1).unwrap().ends_with("TOO MUCH"));
        assert!(report.table().lines().nth(2).unwrap().starts_with("sound"));
    }
}
