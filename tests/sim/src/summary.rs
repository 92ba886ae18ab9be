use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

use crate::Outcome;

/// What is counted of a run, in one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The seed.
    pub seed: u64,
    /// Stands for all that happened and for all bytes on the disks.
    pub digest: u64,
    /// Simulated time.
    pub simulated: Duration,
    /// Transactions that were acknowledged.
    pub acknowledged: u64,
    /// Writers that won an epoch.
    pub epochs: u64,
    /// Faults that were made.
    pub faults: u64,
    /// The first thing that does not hold; `None` for a good run.
    pub violation: Option<String>,
}

/// A line that is no summary.
#[derive(Debug, Error)]
#[error("not the summary of a run: {0:?}")]
pub struct NoSummary(String);

impl Summary {
    /// Of this run.
    pub fn of(outcome: &Outcome) -> Self {
        let violation = outcome.violations.first();
        Self {
            seed: outcome.seed,
            digest: outcome.digest,
            simulated: outcome.simulated,
            acknowledged: outcome.acknowledged as u64,
            epochs: outcome.epochs as u64,
            faults: outcome.faults as u64,
            violation: violation.map(|violation| violation.to_string().replace('\n', " ")),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, digest, acknowledged, epochs, faults, .. } = self;
        let millis = self.simulated.as_millis();
        write!(f, "{seed} {digest} {millis} {acknowledged} {epochs} {faults} ")?;
        f.write_str(self.violation.as_deref().unwrap_or("-"))
    }
}

impl FromStr for Summary {
    type Err = NoSummary;

    fn from_str(line: &str) -> Result<Self, NoSummary> {
        let bad = || NoSummary(line.to_owned());
        let mut fields = line.splitn(7, ' ');
        let mut number = || fields.next().and_then(|field| field.parse::<u64>().ok());
        let numbers: Option<Vec<u64>> = (0..6).map(|_| number()).collect();
        let violation = fields.next().ok_or_else(bad)?;
        let [seed, digest, millis, acknowledged, epochs, faults] =
            numbers.ok_or_else(bad)?.try_into().map_err(|_| bad())?;
        let violation = Some(violation.to_owned()).filter(|violation| violation != "-");
        let simulated = Duration::from_millis(millis);
        Ok(Self { seed, digest, simulated, acknowledged, epochs, faults, violation })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_read_back() {
        for violation in [None, Some("a property: not so".to_owned())] {
            let simulated = Duration::from_millis(20_005);
            let digest = u64::MAX;
            let summary = Summary { seed: 7, digest, simulated, violation, ..Summary::default() };
            assert_eq!(summary.to_string().parse::<Summary>().unwrap(), summary);
        }
        assert!("7 8".parse::<Summary>().is_err());
    }
}
