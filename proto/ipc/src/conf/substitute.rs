use std::ops::Range;

use super::environment::Environment;
use super::limits::MAX_SUBSTITUTIONS;

/// The value holds variables that lead to each other without end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooDeep;

/// `text` with its `${…}` replaced, leftmost first. `raw` reads a key without substitution.
///
/// The first variable nobody knows ends the evaluation: the text so far is the answer, with
/// later variables unexpanded. A variable whose value holds a reference to itself makes the
/// original text the answer. Java: `Configuration.substituteVars`.
pub(super) fn substitute(
    text: &str,
    environment: &Environment,
    raw: impl Fn(&str) -> Option<String>,
) -> Result<String, TooDeep> {
    let mut current = text.to_owned();
    for _ in 0..MAX_SUBSTITUTIONS {
        let Some(name) = find_variable(&current) else { return Ok(current) };
        let variable = &current[name.clone()];
        let Some(value) = outside_value(variable, environment).or_else(|| raw(variable)) else {
            return Ok(current);
        };
        let reference = name.start - 2..name.end + 1;
        if value.contains(&current[reference.clone()]) {
            return Ok(text.to_owned());
        }
        current.replace_range(reference, &value);
    }
    Err(TooDeep)
}

/// Bounds of the name in the leftmost `${name}`: at least one character, none of them `}`, `$`
/// or a space. Java: `Configuration.findSubVariable`.
fn find_variable(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(dollar) = text.get(from..)?.find("${").map(|at| from + at) {
        let start = dollar + 2;
        let stop = start + bytes[start..].iter().position(|b| matches!(b, b'}' | b'$' | b' '))?;
        if bytes[stop] == b'}' && stop > start {
            return Some(start..stop);
        }
        // A `$` may itself begin the next variable; anything else is passed over.
        from = if bytes[stop] == b'$' { stop } else { stop + 1 };
    }
    None
}

fn outside_value(variable: &str, environment: &Environment) -> Option<String> {
    match variable.strip_prefix("env.") {
        Some(name) if !name.is_empty() => env_value(name, environment),
        _ => environment.property(variable).map(str::to_owned),
    }
}

/// `X`, `X-default` (when unset), `X:-default` (when unset or empty), as in a shell.
fn env_value(name: &str, environment: &Environment) -> Option<String> {
    let colon = name.find(":-");
    let dash = name.find('-');
    match (colon, dash) {
        // The dash of ":-" comes one later: the colon is first exactly when it is right before it.
        (Some(at), Some(dash)) if at + 1 == dash => {
            let set = environment.variable(&name[..at]).filter(|value| !value.is_empty());
            Some(set.unwrap_or(&name[at + 2..]).to_owned())
        }
        (_, Some(at)) => {
            Some(environment.variable(&name[..at]).unwrap_or(&name[at + 1..]).to_owned())
        }
        (_, None) => environment.variable(name).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn keys() -> BTreeMap<String, String> {
        let mut keys: BTreeMap<String, String> = [
            ("a", "A"),
            ("b", "${a}B"),
            ("empty", ""),
            ("n", "a"),
            ("self", "${self}"),
            ("x", "${y}"),
            ("y", "${x}"),
            ("withref", "pre ${withref2}"),
            ("withref2", "${a}"),
            ("é", "E"),
            ("{a", "brace"),
            ("a{b", "brace2"),
            ("d19", "end"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
        keys.extend((0..19).map(|i| (format!("d{i}"), format!("${{d{}}}", i + 1))));
        keys
    }

    fn evaluate(text: &str) -> Result<String, TooDeep> {
        let keys = keys();
        let environment = Environment::empty()
            .with_variable("CT_SET", "S")
            .with_variable("CT_EMPTY", "")
            .with_property("user.name", "root");
        substitute(text, &environment, |key| keys.get(key).cloned())
    }

    /// JN-141. Every row was printed by Hadoop 3.4.3's own Configuration.
    #[test]
    fn variables_are_replaced_as_java_replaces_them() {
        let rows = [
            ("${a}", "A"),
            ("x${a}y", "xAy"),
            ("${b}", "AB"),
            ("${b}${b}", "ABAB"),
            ("${missing}", "${missing}"),
            ("${a}${missing}${a}", "A${missing}${a}"),
            ("${missing}${a}", "${missing}${a}"),
            ("${${n}}", "A"),
            ("${a", "${a"),
            ("$a}", "$a}"),
            ("${}", "${}"),
            ("${}${a}", "${}A"),
            ("${ a}", "${ a}"),
            ("${a b}${a}", "${a b}A"),
            ("$${a}", "$A"),
            ("${empty}x", "x"),
            ("${self}", "${self}"),
            ("z${self}", "z${self}"),
            ("${env.CT_SET}", "S"),
            ("${env.CT_UNSET}", "${env.CT_UNSET}"),
            ("${env.CT_UNSET:-d}", "d"),
            ("${env.CT_EMPTY:-d}", "d"),
            ("${env.CT_EMPTY-d}", ""),
            ("${env.CT_UNSET-d}", "d"),
            ("${env.CT_SET:-d}", "S"),
            ("${env.CT_SET-d}", "S"),
            ("${env.CT_UNSET:-}", ""),
            ("${env.CT_UNSET-}", ""),
            ("${env.CT_UNSET:-${a}}", "A"),
            ("${env.}", "${env.}"),
            ("${env.CT_UNSET:}", "${env.CT_UNSET:}"),
            ("${env.CT_UNSET:d}", "${env.CT_UNSET:d}"),
            ("${env.A-B:-c}", "B:-c"),
            ("${env.CT_UNSET-x-y}", "x-y"),
            ("${user.name}", "root"),
            ("${withref}", "pre A"),
            ("{${a}}", "{A}"),
            ("${a}}", "A}"),
            ("${{a}}", "brace}"),
            ("${a{b}", "brace2"),
            ("${a}{${b}", "A{AB"),
            ("{a}${a}", "{a}A"),
            ("{", "{"),
            ("${", "${"),
            ("x{", "x{"),
            ("${é}", "E"),
            ("${d1}", "end"),
        ];
        for (text, value) in rows {
            assert_eq!(evaluate(text).as_deref(), Ok(value), "{text:?}");
        }
    }

    /// JN-141: the limit, and a loop through two keys, which only the limit ends.
    #[test]
    fn twenty_rounds_are_too_many() {
        assert_eq!(evaluate("${d0}"), Err(TooDeep));
        assert_eq!(evaluate("${x}"), Err(TooDeep));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\$\\{|\\}|env\\.|:-|-|[ab$é ]){0,24}") {
            let _ = evaluate(&text);
        }
    }
}
