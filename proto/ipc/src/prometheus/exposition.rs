use std::collections::BTreeMap;
use std::fmt::Write;

/// Metrics as text, grouped by name as the formats want them.
#[derive(Debug, Default)]
pub struct Exposition(BTreeMap<String, Family>);

#[derive(Debug)]
struct Family {
    kind: &'static str,
    help: String,
    samples: Vec<String>,
}

/// Names and values of labels.
pub type Labels<'a> = &'a [(&'a str, &'a str)];

impl Exposition {
    /// Adds a value. `suffix` is what the sample's name has after the family's: OpenMetrics
    /// wants `_total` on a counter.
    pub fn add(
        &mut self,
        (name, suffix): (&str, &str),
        (kind, help): (&'static str, &str),
        labels: Labels<'_>,
        value: f64,
    ) {
        let family = self.0.entry(name.to_owned()).or_insert_with(|| Family {
            kind,
            help: help.to_owned(),
            samples: Vec::new(),
        });
        family.samples.push(format!("{name}{suffix}{} {value}\n", label_text(labels)));
    }

    /// The text, without an end mark.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (name, Family { kind, help, samples }) in &self.0 {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
            samples.iter().for_each(|sample| out.push_str(sample));
        }
        out
    }
}

fn label_text(labels: Labels<'_>) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let pairs: Vec<String> =
        labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    format!("{{{}}}", pairs.join(","))
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_stand_together_under_their_family() {
        let mut exposition = Exposition::default();
        exposition.add(("b", "_total"), ("counter", "Bs."), &[("j", "x\"\\")], 1.0);
        exposition.add(("a", ""), ("gauge", "As."), &[], 0.5);
        exposition.add(("b", "_total"), ("counter", "Bs."), &[("j", "y")], 3e9);
        assert_eq!(
            exposition.text(),
            "# HELP a As.\n# TYPE a gauge\na 0.5\n# HELP b Bs.\n# TYPE b counter\n\
             b_total{j=\"x\\\"\\\\\"} 1\nb_total{j=\"y\"} 3000000000\n"
        );
    }
}
