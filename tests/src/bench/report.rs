use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Cost, Figures, Marks};

/// A line of the table: its name, and the values with Java's controller and with ours.
struct Row {
    name: String,
    java: Vec<f64>,
    rust: Vec<f64>,
}

/// Names of values, and how to read each from a `T`.
type Columns<T> = [(&'static str, fn(&T) -> f64); 3];

fn rows(java: &Figures, rust: &Figures) -> Vec<Row> {
    let marks: Columns<Marks> = [
        ("lock moved", |marks| marks.lock.as_secs_f64() * 1e3),
        ("transitionToActive", |marks| marks.transition.as_secs_f64() * 1e3),
        ("first acknowledged", |marks| marks.acknowledged.as_secs_f64() * 1e3),
    ];
    let costs: Columns<Cost> = [
        ("exec to port, ms", |cost| cost.exec_to_port.as_secs_f64() * 1e3),
        ("resident memory, MiB", |cost| cost.resident_kib as f64 / 1024.0),
        ("threads", |cost| cost.threads as f64),
    ];
    let mut rows = Vec::new();
    for (theirs, ours) in java.cases.iter().zip(&rust.cases) {
        for (name, value) in marks {
            rows.push(Row {
                name: format!("{}, {}: {name}, ms", ours.0, ours.1),
                java: theirs.2.iter().map(value).collect(),
                rust: ours.2.iter().map(value).collect(),
            });
        }
    }
    for (name, value) in costs {
        rows.push(Row {
            name: name.to_owned(),
            java: java.costs.iter().map(value).collect(),
            rust: rust.costs.iter().map(value).collect(),
        });
    }
    rows
}

/// Medians and extremes side by side.
pub fn table(java: &Figures, rust: &Figures) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{:66}{:>26}{:>26}{:>8}", "", "Java 3.4.3", "zkfc-rs", "ratio");
    let _ = writeln!(text, "{:66}{:>26}{:>26}", "", "min / median / max", "min / median / max");
    for Row { name, java, rust } in rows(java, rust) {
        let (java, rust) = (spread(java), spread(rust));
        let ratio = rust[1] / java[1];
        let _ = writeln!(text, "{name:66}{:>26}{:>26}{ratio:>8.3}", show(java), show(rust));
    }
    text
}

/// Every value.
pub fn json(java: &Figures, rust: &Figures) -> Value {
    let rows = rows(java, rust).into_iter().map(|row| {
        let (theirs, ours) = (spread(row.java.clone())[1], spread(row.rust.clone())[1]);
        json!({
            "name": row.name,
            "java": row.java,
            "zkfc-rs": row.rust,
            "medians": { "java": theirs, "zkfc-rs": ours, "ratio": ours / theirs },
        })
    });
    Value::Array(rows.collect())
}

/// Minimum, median, maximum.
fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    let middle = (at(values.len().saturating_sub(1) / 2) + at(values.len() / 2)) / 2.0;
    [at(0), middle, at(values.len().saturating_sub(1))]
}

fn show([min, median, max]: [f64; 3]) -> String {
    format!("{min:.0} / {median:.0} / {max:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_is_between_the_two_in_the_middle() {
        assert_eq!(spread(vec![4.0, 1.0, 2.0, 10.0]), [1.0, 3.0, 10.0]);
        assert_eq!(spread(vec![3.0, 1.0, 2.0]), [1.0, 2.0, 3.0]);
    }
}
