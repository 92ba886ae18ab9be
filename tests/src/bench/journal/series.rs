/// What one line measured of one server, a value for each round.
#[derive(Debug, Clone, Default)]
pub struct Series(Vec<f64>);

impl Series {
    /// Adds a round's value.
    pub fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    /// Every value, in the order of the rounds.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// The smallest; not a number without any.
    pub fn min(&self) -> f64 {
        self.0.iter().copied().fold(f64::NAN, f64::min)
    }

    /// The largest; not a number without any.
    pub fn max(&self) -> f64 {
        self.0.iter().copied().fold(f64::NAN, f64::max)
    }

    /// The one in the middle, or between the two there; not a number without any.
    pub fn median(&self) -> f64 {
        median(self.0.clone())
    }

    /// The factor, at least 1, by which the median may be off: how far its interval of confidence
    /// of 95 % reaches, by rank and so whatever the distribution. Not a number with fewer than two
    /// rounds.
    pub fn doubt(&self) -> f64 {
        if self.0.len() < 2 {
            return f64::NAN;
        }
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let outside = ranks_outside(sorted.len());
        let (low, high) = (sorted[outside], sorted[sorted.len() - 1 - outside]);
        let median = self.median();
        factor(low, median).max(factor(high, median))
    }
}

/// How many values at each end lie outside of the interval: the normal approximation of the sign
/// test, and none of few values.
fn ranks_outside(values: usize) -> usize {
    /// Half of the 1.96 standard deviations that hold 95 %.
    const REACH: f64 = 0.98;
    let values = values as f64;
    let first = (values + 1.0) / 2.0 - REACH * values.sqrt();
    (first.max(1.0) as usize) - 1
}

impl FromIterator<f64> for Series {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// By what two values differ: at least 1, whichever is larger.
pub fn factor(one: f64, other: f64) -> f64 {
    // `max` would pass over what is not a number.
    let ratio = one / other;
    if ratio < 1.0 { 1.0 / ratio } else { ratio }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    (at(values.len().saturating_sub(1) / 2) + at(values.len() / 2)) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series<const N: usize>(values: [f64; N]) -> Series {
        values.into_iter().collect()
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_two() {
        assert_eq!(series([4.0, 1.0, 3.0, 2.0]).median(), 2.5);
        assert_eq!(series([9.0, 1.0, 2.0]).median(), 2.0);
        assert_eq!(series([7.0]).median(), 7.0);
    }

    #[test]
    fn extremes_are_of_all_rounds() {
        let values = series([3.0, 1.0, 2.0]);
        assert_eq!((values.min(), values.max()), (1.0, 3.0));
    }

    #[test]
    fn nothing_measured_is_not_a_number() {
        let none = series([]);
        assert!(none.median().is_nan() && none.min().is_nan() && none.max().is_nan());
        assert!(none.doubt().is_nan());
    }

    #[test]
    fn of_few_rounds_all_are_in_doubt_and_of_many_the_middle() {
        assert_eq!(series([1.0, 2.0, 4.0]).doubt(), 2.0);
        assert_eq!(series([5.0, 5.0, 5.0]).doubt(), 1.0);
        assert_eq!([2, 5, 6, 10, 20, 100].map(ranks_outside), [0, 0, 0, 1, 5, 39]);
        let one_outlier = series([9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(one_outlier.doubt(), 1.0);
    }

    #[test]
    fn a_round_alone_is_nothing_to_rely_on() {
        assert!(series([5.0]).doubt().is_nan());
    }
}
