use std::fmt;
use std::time::Duration;

/// Differences up to this factor are never told apart, however calm the machine.
const LEAST_NOISE: f64 = 1.1;

/// Times of one thing, taken in two series of the same server that alternate: what the medians
/// of these two differ by is noise.
#[derive(Debug, Clone, Default)]
pub struct Samples([Vec<f64>; 2]);

/// What can be said of two measured things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The difference is not larger than that between two series of the same.
    WithinNoise,
    /// The second is slower.
    Slower,
    /// The second is faster.
    Faster,
}

impl Samples {
    /// Adds a time to the series of this run.
    pub fn add(&mut self, run: usize, time: Duration) {
        self.0[run % 2].push(time.as_secs_f64());
    }

    /// The median of all, in seconds; not a number without any.
    pub fn median(&self) -> f64 {
        median(self.0.concat())
    }

    /// The factor, at least 1, by which the two series differ.
    pub fn noise(&self) -> f64 {
        let [one, other] = self.0.clone().map(median);
        (one / other).max(other / one)
    }

    /// Holds `other` against this.
    pub fn compare(&self, other: &Self) -> Verdict {
        let ratio = other.median() / self.median();
        let known = [self.noise(), other.noise(), ratio];
        // Without a number there is nothing to say either; `max` would pass over it.
        if !known.iter().all(|number| number.is_finite()) {
            return Verdict::WithinNoise;
        }
        let noise = self.noise().max(other.noise()).max(LEAST_NOISE);
        if ratio > noise {
            Verdict::Slower
        } else if ratio < 1.0 / noise {
            Verdict::Faster
        } else {
            Verdict::WithinNoise
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WithinNoise => "within noise",
            Self::Slower => "slower",
            Self::Faster => "faster",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(series: [&[u64]; 2]) -> Samples {
        let mut samples = Samples::default();
        for (run, millis) in series.iter().enumerate() {
            for time in *millis {
                samples.add(run, Duration::from_millis(*time));
            }
        }
        samples
    }

    #[test]
    fn a_difference_inside_the_noise_of_either_is_none() {
        let calm = samples([&[100, 101, 99], &[102, 100, 101]]);
        let rough = samples([&[100, 100, 100], &[200, 200, 200]]);
        assert_eq!(calm.compare(&samples([&[130], &[131]])), Verdict::Slower);
        assert_eq!(calm.compare(&samples([&[60], &[61]])), Verdict::Faster);
        assert_eq!(calm.compare(&samples([&[105], &[105]])), Verdict::WithinNoise);
        assert_eq!(rough.compare(&samples([&[180], &[180]])), Verdict::WithinNoise);
        assert_eq!(calm.compare(&rough), Verdict::WithinNoise);
    }

    #[test]
    fn one_series_alone_proves_nothing() {
        let half = samples([&[100], &[]]);
        assert_eq!(half.compare(&samples([&[900], &[900]])), Verdict::WithinNoise);
    }
}
