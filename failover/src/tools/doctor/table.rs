use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Finding, Verdict};
use crate::tools::table;

/// The findings for people: the table, and below it what to do.
pub(super) fn render(findings: &[Finding]) -> String {
    let rows: Vec<_> = findings.iter().map(row).collect();
    let mut text = table::render(["PART", "WHAT", "STATE", "FOUND"], &rows);
    let remedies = remedies(findings);
    if !remedies.is_empty() {
        text += "\nWhat to do\n";
    }
    for (remedy, subjects) in remedies {
        let _ = writeln!(text, "  {}: {remedy}", subjects.join("; "));
    }
    text += &summary(findings);
    text
}

/// What to do, each with everything that it is for.
fn remedies(findings: &[Finding]) -> Vec<(&str, Vec<String>)> {
    let mut grouped: Vec<(&str, Vec<String>)> = Vec::new();
    for Finding { area, subject, remedy, .. } in findings {
        let Some(remedy) = remedy.as_deref() else { continue };
        let subject = format!("{area}, {subject}");
        match grouped.iter_mut().find(|(known, _)| *known == remedy) {
            Some((_, subjects)) => subjects.push(subject),
            None => grouped.push((remedy, vec![subject])),
        }
    }
    grouped
}

fn summary(findings: &[Finding]) -> String {
    let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
    let (bad, doubtful) = (count(Verdict::Bad), count(Verdict::Doubtful));
    let unknown = count(Verdict::Unknown);
    format!("\n{} looked at: {bad} bad, {doubtful} doubtful, {unknown} unknown\n", findings.len())
}

fn row(finding: &Finding) -> [String; 4] {
    let Finding { area, subject, verdict, found, .. } = finding;
    [(*area).to_owned(), subject.clone(), verdict.to_string(), found.clone()]
}

/// The same for scripts.
pub(super) fn to_json(findings: &[Finding]) -> Value {
    let rows = findings.iter().map(|finding| {
        json!({
            "part": finding.area,
            "what": finding.subject,
            "state": finding.verdict.to_string().to_ascii_lowercase(),
            "found": finding.found,
            "remedy": finding.remedy,
        })
    });
    let all_well = !findings.iter().any(|finding| finding.verdict == Verdict::Bad);
    json!({ "all_well": all_well, "findings": rows.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remedies_stand_below_the_table() {
        let findings = [
            Finding::good("names", "nn01", "10.0.0.1"),
            Finding::bad("names", "nn02", "no address", "add it to DNS"),
            Finding::bad("names", "nn03", "no address", "add it to DNS"),
        ];
        let expected = "  PART   WHAT  STATE  FOUND
  names  nn01  ok     10.0.0.1
  names  nn02  BAD    no address
  names  nn03  BAD    no address

What to do
  names, nn02; names, nn03: add it to DNS

3 looked at: 2 bad, 0 doubtful, 0 unknown
";
        assert_eq!(render(&findings), expected);
        assert_eq!(to_json(&findings)["all_well"], false);
    }
}
