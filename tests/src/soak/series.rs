/// Values of one figure over a run, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    samples: Vec<Sample>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Sample {
    at_s: f64,
    value: f64,
}

const HOUR_S: f64 = 3600.0;

impl Series {
    /// Adds a value; times never go back.
    pub fn add(&mut self, at_s: f64, value: f64) {
        self.samples.push(Sample { at_s, value });
    }

    /// The first value; 0 if there is none, as for all that follow.
    pub fn first(&self) -> f64 {
        self.samples.first().map_or(0.0, |sample| sample.value)
    }

    /// The last value.
    pub fn last(&self) -> f64 {
        self.samples.last().map_or(0.0, |sample| sample.value)
    }

    /// The greatest value.
    pub fn max(&self) -> f64 {
        self.samples.iter().fold(0.0, |most, sample| sample.value.max(most))
    }

    /// The value in the middle.
    pub fn median(&self) -> f64 {
        median(&self.samples)
    }

    /// By how much the last quarter of the run is above the second one, by their medians. The first
    /// quarter warms up, and a peak is no growth.
    pub fn growth(&self) -> f64 {
        self.quarter(3) - self.quarter(1)
    }

    /// The middle of the last quarter.
    pub fn in_the_end(&self) -> f64 {
        self.quarter(3)
    }

    fn quarter(&self, number: usize) -> f64 {
        let bound = |number: usize| self.samples.len() * number / 4;
        median(&self.samples[bound(number)..bound(number + 1)])
    }

    /// The straight line through what follows the first quarter, by least squares.
    pub fn slope_per_hour(&self) -> f64 {
        let warm = &self.samples[self.samples.len() / 4..];
        let mean = |of: fn(&Sample) -> f64| warm.iter().map(of).sum::<f64>() / count(warm);
        let (at_s, value) = (mean(|it| it.at_s), mean(|it| it.value));
        let with = warm.iter().map(|it| (it.at_s - at_s) * (it.value - value)).sum::<f64>();
        let over = warm.iter().map(|it| (it.at_s - at_s).powi(2)).sum::<f64>();
        if over > 0.0 { with / over * HOUR_S } else { 0.0 }
    }
}

fn count(samples: &[Sample]) -> f64 {
    u32::try_from(samples.len()).map_or(f64::MAX, f64::from)
}

fn median(samples: &[Sample]) -> f64 {
    let mut values: Vec<f64> = samples.iter().map(|sample| sample.value).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value each minute.
    fn series(values: impl IntoIterator<Item = f64>) -> Series {
        let mut series = Series::default();
        for (minute, value) in (0u32..).zip(values) {
            series.add(f64::from(minute) * 60.0, value);
        }
        series
    }

    #[test]
    fn what_is_flat_after_its_start_has_not_grown() {
        let warm_up = (0..60).map(|minute| if minute < 10 { f64::from(minute) } else { 10.0 });
        let series = series(warm_up);
        assert_eq!((series.first(), series.last(), series.max()), (0.0, 10.0, 10.0));
        assert_eq!((series.median(), series.growth(), series.slope_per_hour()), (10.0, 0.0, 0.0));
    }

    #[test]
    fn a_leak_is_growth_and_has_a_slope() {
        let leak = series((0..80).map(|minute| 100.0 + 2.0 * f64::from(minute)));
        assert_eq!(leak.growth(), 80.0);
        assert!((leak.slope_per_hour() - 120.0).abs() < 1e-6);
    }

    #[test]
    fn one_peak_is_no_growth() {
        let peak = series((0..40).map(|minute| if minute == 35 { 999.0 } else { 5.0 }));
        assert_eq!((peak.growth(), peak.max()), (0.0, 999.0));
    }

    #[test]
    fn nothing_is_nothing() {
        let none = Series::default();
        assert_eq!(
            (none.first(), none.median(), none.growth(), none.slope_per_hour()),
            (0.0, 0.0, 0.0, 0.0)
        );
    }
}
