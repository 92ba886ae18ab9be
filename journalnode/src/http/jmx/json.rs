use std::fmt::Write;

use super::Value;

/// Writes JSON in the layout of Jackson's default pretty printer: some scripts read it line by
/// line.
pub(super) fn to_json(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0);
    out
}

fn write(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Integer(value) => {
            let _ = write!(out, "{value}");
        }
        // Debug keeps the ".0" that tells a reader the type.
        Value::Number(value) if value.is_finite() => {
            let _ = write!(out, "{value:?}");
        }
        Value::Number(_) => out.push_str("null"),
        Value::Text(text) => quote(out, text),
        Value::List(values) => write_list(out, values, depth),
        Value::Record(fields) => write_record(out, fields, depth),
    }
}

/// A list stays on its line, and does not count for the indentation of what is in it.
fn write_list(out: &mut String, values: &[Value], depth: usize) {
    out.push('[');
    for (index, value) in values.iter().enumerate() {
        out.push_str(if index == 0 { " " } else { ", " });
        write(out, value, depth);
    }
    out.push_str(" ]");
}

fn write_record(out: &mut String, fields: &[(String, Value)], depth: usize) {
    if fields.is_empty() {
        return out.push_str("{ }");
    }
    out.push('{');
    for (index, (name, value)) in fields.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        indent(out, depth + 1);
        quote(out, name);
        out.push_str(" : ");
        write(out, value, depth + 1);
    }
    out.push('\n');
    indent(out, depth);
    out.push('}');
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("  ", depth));
}

fn quote(out: &mut String, text: &str) {
    // A string always has a JSON form.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jn_133_the_layout_is_jacksons() {
        let bean = Value::Record(vec![
            ("name".into(), "a\"b".into()),
            ("ids".into(), vec!["x".to_owned(), "y".to_owned()].into()),
            ("none".into(), Value::List(vec![])),
            ("avg".into(), 0.0.into()),
            ("memory".into(), Value::Record(vec![("used".into(), 1_i64.into())])),
            ("null".into(), Value::Null),
        ]);
        let beans = Value::Record(vec![("beans".into(), Value::List(vec![bean.clone(), bean]))]);
        let one = "{\n    \"name\" : \"a\\\"b\",\n    \"ids\" : [ \"x\", \"y\" ],\n    \
                   \"none\" : [ ],\n    \"avg\" : 0.0,\n    \"memory\" : {\n      \"used\" : 1\n    },\n    \
                   \"null\" : null\n  }";
        assert_eq!(to_json(&beans), format!("{{\n  \"beans\" : [ {one}, {one} ]\n}}"));
        assert_eq!(to_json(&Value::Record(vec![])), "{ }");
    }
}
