const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The date in the head of an HTTP answer, in seconds since 1970.
pub(super) fn of_head(head: &str) -> Option<i64> {
    let lines = head.lines().take_while(|line| !line.trim().is_empty());
    let mut fields = lines.filter_map(|line| line.split_once(':'));
    let (_, date) = fields.find(|(name, _)| name.eq_ignore_ascii_case("date"))?;
    parse(date.trim())
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers write.
fn parse(date: &str) -> Option<i64> {
    let (_, date) = date.split_once(", ")?;
    let parts: Vec<_> = date.split(' ').collect();
    let [day, month, year, clock, "GMT"] = parts.as_slice() else { return None };
    let month = MONTHS.iter().position(|name| name == month)? + 1;
    let clock: Vec<i64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hour, minute, second] = clock.as_slice() else { return None };
    let (day, year): (i64, i64) = (day.parse().ok()?, year.parse().ok()?);
    if !(1970..=9999).contains(&year) || !(1..=31).contains(&day) {
        return None;
    }
    let days = days_until(year, i64::try_from(month).ok()?, day);
    Some(days * 86_400 + hour.checked_mul(3600)? + minute.checked_mul(60)? + second)
}

/// Days from 1970 to a date (Gregorian, in years that begin in March).
fn days_until(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_read() {
        let head = "HTTP/1.1 302 Found\r\nDATE: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\nDate: x";
        assert_eq!(of_head(head), Some(784_111_777));
        assert_eq!(parse("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
        assert_eq!(parse("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for head in ["", "HTTP/1.1 200 OK\r\n\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT", "Date: now"]
        {
            assert_eq!(of_head(head), None, "{head:?}");
        }
        for date in
            ["Thu, 01 Jun 99999 00:00:00 GMT", "Thu, 1 Foo 1999 0:0:0 GMT", "a, b c d e GMT"]
        {
            assert_eq!(parse(date), None, "{date}");
        }
    }
}
