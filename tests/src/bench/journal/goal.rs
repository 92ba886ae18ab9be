use std::fmt;

use super::{Verdict, Who};

/// Differences up to this factor are never told apart, however calm the machine.
const LEAST_NOISE: f64 = 1.05;

/// What a line is to reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// Ours ÷ theirs is at most this.
    AtMost(f64, Who),
    /// Ours ÷ theirs is at least this.
    AtLeast(f64, Who),
    /// Ours alone is at most this, in the line's unit.
    Limit(f64),
    /// Shown, not judged.
    Shown,
}

impl Goal {
    /// Whose values ours are held against.
    pub fn beside(self) -> Option<Who> {
        match self {
            Self::AtMost(_, who) | Self::AtLeast(_, who) => Some(who),
            Self::Shown => Some(Who::Java),
            Self::Limit(_) => None,
        }
    }

    /// Judges a ratio, or a value if there is nobody beside it. `noise` is the factor by which
    /// it may be wrong either way.
    pub fn judge(self, value: f64, noise: f64) -> Verdict {
        let noise = if noise < LEAST_NOISE { LEAST_NOISE } else { noise };
        if self == Self::Shown {
            return Verdict::Shown;
        }
        if !(value.is_finite() && noise.is_finite()) {
            return Verdict::Unknown;
        }
        let (worst, best, is_met): (f64, f64, fn(f64, f64) -> bool) = match self {
            Self::AtLeast(..) => (value / noise, value * noise, |value, goal| value >= goal),
            _ => (value * noise, value / noise, |value, goal| value <= goal),
        };
        match (is_met(worst, self.bound()), is_met(best, self.bound())) {
            (true, _) => Verdict::Met,
            (false, true) => Verdict::InsideNoise,
            (false, false) => Verdict::Missed,
        }
    }

    fn bound(self) -> f64 {
        match self {
            Self::AtMost(bound, _) | Self::AtLeast(bound, _) | Self::Limit(bound) => bound,
            Self::Shown => f64::NAN,
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(bound, _) => write!(f, "≤ {bound}"),
            Self::AtLeast(bound, _) => write!(f, "≥ {bound}"),
            Self::Limit(bound) => write!(f, "≤ {bound} itself"),
            Self::Shown => f.write_str("shown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: Goal = Goal::AtMost(0.5, Who::Java);
    const DOUBLE: Goal = Goal::AtLeast(2.0, Who::Java);

    #[test]
    fn a_goal_is_met_only_if_the_worst_that_noise_allows_meets_it() {
        assert_eq!(HALF.judge(0.3, 1.2), Verdict::Met);
        assert_eq!(HALF.judge(0.45, 1.2), Verdict::InsideNoise);
        assert_eq!(DOUBLE.judge(2.5, 1.2), Verdict::Met);
        assert_eq!(DOUBLE.judge(2.1, 1.2), Verdict::InsideNoise);
    }

    #[test]
    fn a_goal_is_missed_only_if_the_best_that_noise_allows_misses_it() {
        assert_eq!(HALF.judge(0.7, 1.2), Verdict::Missed);
        assert_eq!(HALF.judge(0.55, 1.2), Verdict::InsideNoise);
        assert_eq!(DOUBLE.judge(1.5, 1.2), Verdict::Missed);
        assert_eq!(DOUBLE.judge(1.9, 1.2), Verdict::InsideNoise);
    }

    #[test]
    fn no_machine_is_calmer_than_the_least_noise() {
        assert_eq!(HALF.judge(0.5, 1.0), Verdict::InsideNoise);
        assert_eq!(HALF.judge(0.47, 1.0), Verdict::Met);
    }

    #[test]
    fn a_limit_is_judged_without_anybody_beside() {
        let limit = Goal::Limit(5.0);
        assert_eq!(limit.beside(), None);
        assert_eq!(limit.judge(3.0, 1.1), Verdict::Met);
        assert_eq!(limit.judge(7.0, 1.1), Verdict::Missed);
    }

    #[test]
    fn without_a_number_nothing_is_said() {
        assert_eq!(HALF.judge(f64::NAN, 1.1), Verdict::Unknown);
        assert_eq!(HALF.judge(0.1, f64::NAN), Verdict::Unknown);
        assert_eq!(Goal::Shown.judge(0.1, 1.1), Verdict::Shown);
    }
}
