use std::fmt::Write as _;

use super::series::Series;
use super::{Figures, Goal, LINES, Line, Section, Who};

/// The goals of these sections, what was measured, and what can be said: a row for each goal.
pub fn table(figures: &Figures, sections: &[Section]) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{:46}{:>10} {:>27} {:>13} {:>27} {:>9} {:>12} {:>7}  verdict",
        "", "unit", "journalnode", "beside", "", "ratio", "goal", "noise"
    );
    let spread = "min / median / max";
    let _ = writeln!(text, "{:46}{:>10} {spread:>27} {:>13} {spread:>27}", "", "", "");
    for line in LINES.iter().filter(|line| sections.contains(&line.section)) {
        for goal in line.goals {
            row(&mut text, figures, line, *goal);
        }
    }
    text
}

fn row(text: &mut String, figures: &Figures, line: &Line, goal: Goal) {
    let compared = figures.compare(line, goal);
    let beside = goal.beside().map(|who| who.to_string()).unwrap_or_default();
    let ratio = goal.beside().map(|_| number(compared.ratio)).unwrap_or_default();
    let _ = writeln!(
        text,
        "{:46}{:>10} {:>27} {beside:>13} {:>27} {ratio:>9} {:>12} {:>7}  {}",
        line.what,
        line.unit,
        spread(&figures.series(line.key, Who::Ours)),
        theirs(figures, line, goal),
        goal.to_string(),
        number(compared.noise),
        compared.verdict,
    );
}

fn theirs(figures: &Figures, line: &Line, goal: Goal) -> String {
    let Some(who) = goal.beside() else { return String::new() };
    match figures.failure(line.key, who) {
        Some(class) => class.rsplit('.').next().unwrap_or(class).to_owned(),
        None => spread(&figures.series(line.key, who)),
    }
}

fn spread(series: &Series) -> String {
    let [min, median, max] = [series.min(), series.median(), series.max()].map(number);
    format!("{min} / {median} / {max}")
}

/// Three digits that mean something, or all before the point.
fn number(value: f64) -> String {
    match value.abs() {
        _ if value.is_nan() => "-".to_owned(),
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        small if small >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_both_medians_the_ratio_and_the_verdict() {
        let mut figures = Figures::default();
        for (who, values) in
            [(Who::Java, [100.0; 3]), (Who::Ours, [20.0; 3]), (Who::Again, [20.0; 3])]
        {
            values.into_iter().for_each(|value| figures.add("journal-1KB-p50", who, value));
        }
        let text = table(&figures, &[Section::Latency]);
        let row = text.lines().find(|row| row.contains("of 1 KB, p50")).unwrap();
        let words: Vec<_> = row.split_whitespace().skip(4).collect();
        let expected = "µs 20.0 / 20.0 / 20.0 Java 3.4.3 100 / 100 / 100 0.200 ≤ 0.5 1.00 met";
        assert_eq!(words.join(" "), format!("p50 {expected}"));
    }

    #[test]
    fn numbers_are_as_long_as_they_mean_something() {
        let shown = [12345.6, 12.345, 1.2345, 0.0123, f64::NAN].map(number);
        assert_eq!(shown, ["12346", "12.3", "1.23", "0.012", "-"]);
    }
}
