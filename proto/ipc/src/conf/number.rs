use super::text::java_trim;
use super::time_unit::TimeUnit;

/// Java's `Configuration.getInt`: trimmed, `0x` hex after an optional `-`, no wrapping.
pub(super) fn parse_int(text: &str) -> Option<i32> {
    let text = java_trim(text);
    match hex_digits(text) {
        Some(hex) => i32::from_str_radix(&hex, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Java's `Configuration.getLong`.
pub(super) fn parse_long(text: &str) -> Option<i64> {
    let text = java_trim(text);
    match hex_digits(text) {
        Some(hex) => i64::from_str_radix(&hex, 16).ok(),
        None => text.parse().ok(),
    }
}

fn hex_digits(text: &str) -> Option<String> {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let digits = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X"))?;
    Some(format!("{sign}{digits}"))
}

/// Java's `getLongBytes`: a decimal number, or one with k, m, g, t, p, e (powers of 1024).
pub(super) fn parse_long_bytes(text: &str) -> Option<i64> {
    let text = java_trim(text);
    let last = text.chars().next_back()?;
    let shift = match last.to_ascii_lowercase() {
        'k' => 10,
        'm' => 20,
        'g' => 30,
        't' => 40,
        'p' => 50,
        'e' => 60,
        _ => return text.parse().ok(),
    };
    let number: i64 = text[..text.len() - last.len_utf8()].parse().ok()?;
    number.checked_mul(1 << shift)
}

/// Java's `getTimeDuration`: a decimal number with an optional unit, in any case, with no
/// space between; without a unit it counts `default_unit`. The answer is in `answer_unit`.
pub(super) fn parse_duration(
    text: &str,
    default_unit: TimeUnit,
    answer_unit: TimeUnit,
) -> Option<i64> {
    let text = java_trim(text).to_ascii_lowercase();
    let (number, unit) = TimeUnit::split(&text);
    let amount: i64 = number.parse().ok()?;
    Some(answer_unit.convert(amount, unit.unwrap_or(default_unit)))
}

/// Java's `getBoolean`: `None` is "neither", which Java answers with the default.
pub(super) fn parse_boolean(text: &str) -> Option<bool> {
    let text = java_trim(text);
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Java's `Float.parseFloat`, which takes a trailing `f` or `d`: hdfs-default.xml has `0.5f`.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let text = java_trim(text);
    text.strip_suffix(['f', 'F', 'd', 'D']).unwrap_or(text).parse().ok()
}

// Every row below was printed by Hadoop 3.4.3's own Configuration.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_as_java_reads_them() {
        let rows: [(&str, Option<i32>, Option<i64>); 20] = [
            ("5", Some(5), Some(5)),
            (" 5 ", Some(5), Some(5)),
            ("+5", Some(5), Some(5)),
            ("-5", Some(-5), Some(-5)),
            ("0x10", Some(16), Some(16)),
            ("0X1f", Some(31), Some(31)),
            ("-0x10", Some(-16), Some(-16)),
            ("0x-5", Some(-5), Some(-5)),
            ("+0x10", None, None),
            ("0x", None, None),
            ("", None, None),
            ("5k", None, None),
            ("2147483647", Some(i32::MAX), Some(2_147_483_647)),
            ("2147483648", None, Some(2_147_483_648)),
            ("-2147483648", Some(i32::MIN), Some(-2_147_483_648)),
            ("0x80000000", None, Some(2_147_483_648)),
            ("0xffffffff", None, Some(4_294_967_295)),
            ("-0x80000000", Some(i32::MIN), Some(-2_147_483_648)),
            ("1_0", None, None),
            ("5L", None, None),
        ];
        for (text, int, long) in rows {
            assert_eq!((parse_int(text), parse_long(text)), (int, long), "{text:?}");
        }
    }

    #[test]
    fn sizes_are_read_as_java_reads_them() {
        let rows: [(&str, Option<i64>); 19] = [
            ("5k", Some(5120)),
            ("5K", Some(5120)),
            (" 5m ", Some(5_242_880)),
            ("5 m", None),
            ("1g", Some(1 << 30)),
            ("1t", Some(1 << 40)),
            ("1p", Some(1 << 50)),
            ("7e", Some(8_070_450_532_247_928_832)),
            ("8e", None),
            ("-8e", Some(i64::MIN)),
            ("-9e", None),
            ("5x", None),
            ("k", None),
            ("0x10k", None),
            ("0x10", None),
            ("5kb", None),
            ("1.5k", None),
            ("", None),
            ("5é", None),
        ];
        for (text, bytes) in rows {
            assert_eq!(parse_long_bytes(text), bytes, "{text:?}");
        }
    }

    #[test]
    fn durations_are_read_as_java_reads_them() {
        let rows: [(&str, Option<i64>, Option<i64>); 22] = [
            ("5", Some(5), Some(5)),
            ("5s", Some(5000), Some(5)),
            (" 5S ", Some(5000), Some(5)),
            ("5ms", Some(5), Some(0)),
            ("5us", Some(0), Some(0)),
            ("1500us", Some(1), Some(0)),
            ("-1500us", Some(-1), Some(0)),
            ("5ns", Some(0), Some(0)),
            ("2m", Some(120_000), Some(120)),
            ("2h", Some(7_200_000), Some(7200)),
            ("1d", Some(86_400_000), Some(86_400)),
            ("5 s", None, None),
            ("1.5s", None, None),
            ("-5s", Some(-5000), Some(-5)),
            ("s", None, None),
            ("5sec", None, None),
            ("106751991168d", Some(i64::MAX), Some(9_223_372_036_915_200)),
            ("9223372036854775807s", Some(i64::MAX), Some(i64::MAX)),
            ("0x10", None, None),
            ("5min", None, None),
            ("", None, None),
            ("5k", None, None),
        ];
        for (text, ms, s) in rows {
            let read = |unit| parse_duration(text, unit, unit);
            let answers = (read(TimeUnit::Milliseconds), read(TimeUnit::Seconds));
            assert_eq!(answers, (ms, s), "{text:?}");
        }
    }

    #[test]
    fn only_true_and_false_are_booleans() {
        for (text, value) in [
            ("true", Some(true)),
            (" TRUE ", Some(true)),
            ("False", Some(false)),
            ("yes", None),
            ("1", None),
            ("t rue", None),
            ("", None),
        ] {
            assert_eq!(parse_boolean(text), value, "{text:?}");
        }
    }

    #[test]
    fn the_default_fraction_of_hdfs_default_is_a_float() {
        assert_eq!(parse_float("0.5f"), Some(0.5));
        assert_eq!(parse_float("half"), None);
    }
}
