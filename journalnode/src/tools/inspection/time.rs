const MILLIS_OF_DAY: u64 = 86_400_000;
/// Days from 0000-03-01 to 1970-01-01, in the calendar whose years begin in March.
const EPOCH_DAYS: u64 = 719_468;
const DAYS_OF_400_YEARS: u64 = 146_097;

/// Milliseconds since 1970 as `2026-11-23 01:32:26.541Z`.
pub(in crate::tools) fn utc(at_ms: u64) -> String {
    let (days, ms) = (at_ms / MILLIS_OF_DAY, at_ms % MILLIS_OF_DAY);
    let (year, month, day) = civil(days);
    let (hour, minute) = (ms / 3_600_000, ms / 60_000 % 60);
    let (second, ms) = (ms / 1000 % 60, ms % 1000);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

/// Year, month and day of a day since 1970 (Howard Hinnant's `civil_from_days`).
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days.saturating_add(EPOCH_DAYS);
    let (era, day_of_era) = (days / DAYS_OF_400_YEARS, days % DAYS_OF_400_YEARS);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_utc_to_the_millisecond() {
        for (ms, text) in [
            (0, "1970-01-01 00:00:00.000Z"),
            (951_782_400_000, "2000-02-29 00:00:00.000Z"),
            (1_709_251_199_999, "2024-02-29 23:59:59.999Z"),
            (1_795_397_546_541, "2026-11-23 01:32:26.541Z"),
        ] {
            assert_eq!(utc(ms), text);
        }
        let _ = utc(u64::MAX);
    }
}
