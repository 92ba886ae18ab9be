use serde_json::{Map, Value, json};

use super::{Figures, LINES, Line, Section, Who};

const ALL: [Who; 5] = [Who::Java, Who::Ours, Who::Again, Who::Floor, Who::Empty];

/// Every value of these sections and what can be said, with the circumstances of the run.
pub fn json(figures: &Figures, sections: &[Section], circumstances: &[String]) -> Value {
    let lines = LINES.iter().filter(|line| sections.contains(&line.section));
    json!({
        "circumstances": circumstances,
        "lines": lines.map(|line| one(figures, line)).collect::<Vec<_>>(),
    })
}

fn one(figures: &Figures, line: &Line) -> Value {
    let mut values = Map::new();
    for who in ALL {
        let series = figures.series(line.key, who);
        if !series.values().is_empty() {
            let (min, median, max) = (series.min(), series.median(), series.max());
            let rounds = series.values();
            let value = json!({ "min": min, "median": median, "max": max, "rounds": rounds });
            values.insert(who.key().to_owned(), value);
        }
    }
    json!({
        "key": line.key,
        "what": line.what,
        "unit": line.unit,
        "section": line.section.name(),
        "values": values,
        "java_error": figures.failure(line.key, Who::Java),
        "goals": goals(figures, line),
    })
}

fn goals(figures: &Figures, line: &Line) -> Vec<Value> {
    let one = |goal: &super::Goal| {
        let compared = figures.compare(line, *goal);
        json!({
            "goal": goal.to_string(),
            "beside": goal.beside().map(Who::key),
            "ratio": compared.ratio,
            "noise": compared.noise,
            "verdict": compared.verdict.to_string(),
        })
    };
    line.goals.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_round_is_told() {
        let mut figures = Figures::default();
        figures.add("start", Who::Java, 2000.0);
        figures.add("start", Who::Java, 3000.0);
        figures.add("start", Who::Ours, 10.0);
        let value = json(&figures, &[Section::Start], &["two cores".to_owned()]);
        assert_eq!(value["circumstances"][0], "two cores");
        let line = &value["lines"][0];
        assert_eq!(line["values"]["java"]["rounds"], json!([2000.0, 3000.0]));
        assert_eq!(line["values"]["java"]["median"], 2500.0);
        assert_eq!(line["goals"][0]["ratio"], 0.004);
        assert_eq!(line["goals"][0]["verdict"], "no verdict");
    }
}
