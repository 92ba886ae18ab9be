use std::collections::BTreeMap;

use super::series::{Series, factor};
use super::{Goal, Line, Verdict, Who};

/// Everything measured.
#[derive(Debug, Default)]
pub struct Figures {
    series: BTreeMap<(&'static str, Who), Series>,
    failures: BTreeMap<(&'static str, Who), String>,
}

/// Ours held against a goal.
#[derive(Debug)]
pub struct Comparison {
    /// Ours ÷ theirs, or ours if nobody is beside it.
    pub ratio: f64,
    /// The factor by which it may be wrong.
    pub noise: f64,
    /// What can be said.
    pub verdict: Verdict,
}

impl Figures {
    /// Adds a round's value to a line.
    pub fn add(&mut self, key: &'static str, who: Who, value: f64) {
        self.series.entry((key, who)).or_default().add(value);
    }

    /// Notes that there is no value, and why.
    pub fn fail(&mut self, key: &'static str, who: Who, reason: String) {
        self.failures.insert((key, who), reason);
    }

    /// All rounds of a line.
    pub fn series(&self, key: &'static str, who: Who) -> Series {
        self.series.get(&(key, who)).cloned().unwrap_or_default()
    }

    /// Why there is no value.
    pub fn failure(&self, key: &'static str, who: Who) -> Option<&str> {
        self.failures.get(&(key, who)).map(String::as_str)
    }

    /// Holds a line of ours against one of its goals.
    pub fn compare(&self, line: &Line, goal: Goal) -> Comparison {
        let ours = self.series(line.key, Who::Ours);
        let theirs = goal.beside().map(|who| self.series(line.key, who));
        let ratio = ours.median() / theirs.as_ref().map_or(1.0, Series::median);
        let noise = self.noise(line.key, theirs.as_ref());
        let java_failed = self.failure(line.key, Who::Java).is_some();
        let verdict = match goal.beside() {
            Some(Who::Java) if java_failed && ours.median().is_finite() => Verdict::JavaFails,
            _ => goal.judge(ratio, noise),
        };
        Comparison { ratio, noise, verdict }
    }

    /// The most by which ours and ours once more differ, or by which the median of anybody may be
    /// off.
    fn noise(&self, key: &'static str, theirs: Option<&Series>) -> f64 {
        let (ours, again) = (self.series(key, Who::Ours), self.series(key, Who::Again));
        let control = factor(ours.median(), again.median());
        let all = [control, ours.doubt(), again.doubt(), theirs.map_or(1.0, Series::doubt)];
        // `max` would pass over what is not a number.
        all.into_iter().fold(1.0, |most, one| if one <= most { most } else { one + 0.0 * most })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Section;
    use super::*;

    const KEY: &str = "line";
    const LINE: Line = Line { key: KEY, what: "", unit: "", section: Section::Size, goals: &[] };
    const HALF: Goal = Goal::AtMost(0.5, Who::Java);

    fn figures(java: &[f64], ours: &[f64], again: &[f64]) -> Figures {
        let mut figures = Figures::default();
        for (who, values) in [(Who::Java, java), (Who::Ours, ours), (Who::Again, again)] {
            values.iter().for_each(|value| figures.add(KEY, who, *value));
        }
        figures
    }

    #[test]
    fn a_difference_between_two_of_ours_is_noise() {
        let unlike = figures(&[10.0, 10.0], &[4.0, 4.0], &[6.0, 6.0]).compare(&LINE, HALF);
        assert_eq!((unlike.noise, unlike.verdict), (1.5, Verdict::InsideNoise));
        let alike = figures(&[10.0, 10.0], &[4.0, 4.0], &[4.0, 4.0]).compare(&LINE, HALF);
        assert_eq!((alike.ratio, alike.verdict), (0.4, Verdict::Met));
    }

    #[test]
    fn unrest_of_java_is_noise_too() {
        let restless = figures(&[10.0, 40.0], &[15.0, 15.0], &[15.0, 15.0]).compare(&LINE, HALF);
        assert_eq!((restless.noise, restless.verdict), (2.5, Verdict::InsideNoise));
    }

    #[test]
    fn a_round_alone_proves_nothing() {
        let alone = figures(&[10.0], &[1.0], &[1.0]).compare(&LINE, HALF);
        assert_eq!(alone.verdict, Verdict::Unknown);
        let uncontrolled = figures(&[10.0, 10.0], &[1.0, 1.0], &[]).compare(&LINE, HALF);
        assert_eq!(uncontrolled.verdict, Verdict::Unknown);
    }

    #[test]
    fn where_java_fails_an_answer_is_enough() {
        let mut figures = figures(&[], &[1.0, 1.0], &[1.0, 1.0]);
        figures.fail(KEY, Who::Java, "an exception".to_owned());
        assert_eq!(figures.compare(&LINE, HALF).verdict, Verdict::JavaFails);
    }
}
