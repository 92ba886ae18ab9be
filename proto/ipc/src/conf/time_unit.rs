/// The unit of a duration, by the suffix Hadoop's configuration files write.
/// Java: `Configuration.ParsedTimeDuration` and `TimeUnit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// `ns`
    Nanoseconds,
    /// `us`
    Microseconds,
    /// `ms`
    Milliseconds,
    /// `s`
    Seconds,
    /// `m`
    Minutes,
    /// `h`
    Hours,
    /// `d`
    Days,
}

/// In Java's order of matching: `s` comes after the three suffixes that end in it.
const BY_SUFFIX: [(&str, TimeUnit); 7] = [
    ("ns", TimeUnit::Nanoseconds),
    ("us", TimeUnit::Microseconds),
    ("ms", TimeUnit::Milliseconds),
    ("s", TimeUnit::Seconds),
    ("m", TimeUnit::Minutes),
    ("h", TimeUnit::Hours),
    ("d", TimeUnit::Days),
];

impl TimeUnit {
    /// Nanoseconds in one of this unit.
    pub fn nanos(self) -> i128 {
        match self {
            TimeUnit::Nanoseconds => 1,
            TimeUnit::Microseconds => 1_000,
            TimeUnit::Milliseconds => 1_000_000,
            TimeUnit::Seconds => 1_000_000_000,
            TimeUnit::Minutes => 60_000_000_000,
            TimeUnit::Hours => 3_600_000_000_000,
            TimeUnit::Days => 86_400_000_000_000,
        }
    }

    /// `amount` of `from`, in this unit: rounded toward zero, held at the ends of `i64`.
    /// Java: `TimeUnit.convert`.
    pub fn convert(self, amount: i64, from: TimeUnit) -> i64 {
        let converted = i128::from(amount) * from.nanos() / self.nanos();
        i64::try_from(converted).unwrap_or(if converted < 0 { i64::MIN } else { i64::MAX })
    }

    /// The number and its unit: `"5s"` is `("5", Some(Seconds))`, `"5"` has no unit.
    pub(super) fn split(text: &str) -> (&str, Option<TimeUnit>) {
        for (suffix, unit) in BY_SUFFIX {
            if let Some(number) = text.strip_suffix(suffix) {
                return (number, Some(unit));
            }
        }
        (text, None)
    }
}
