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

    /// The factor, at least 1, by which the medians of every other round differ; not a number with
    /// fewer than two rounds.
    pub fn unrest(&self) -> f64 {
        let every_other = |first| self.0.iter().copied().skip(first).step_by(2).collect();
        factor(median(every_other(0)), median(every_other(1)))
    }
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
        assert!(none.unrest().is_nan());
    }

    #[test]
    fn unrest_is_what_every_other_round_differs_by() {
        assert_eq!(series([1.0, 2.0, 1.0, 2.0]).unrest(), 2.0);
        assert_eq!(series([2.0, 1.0, 2.0, 1.0]).unrest(), 2.0);
        assert_eq!(series([5.0, 5.0, 5.0]).unrest(), 1.0);
        assert!(series([5.0]).unrest().is_nan());
    }
}
