use regex::{Captures, Regex};

/// The right side of a substitution, in Java's syntax: `$1`, `${name}`, and `\` before anything
/// to be taken as it is. Java: `Matcher.appendReplacement`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replacement {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(char),
    Group(usize),
    Named(String),
}

impl Replacement {
    /// Reads the text; groups must exist in `pattern`. The error is what is wrong with it.
    pub(super) fn parse(text: &str, pattern: &Regex) -> Result<Replacement, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            let part = match c {
                '\\' => escaped(&mut rest)?,
                '$' => group(&mut rest, pattern)?,
                literal => Part::Literal(literal),
            };
            parts.push(part);
        }
        Ok(Replacement { parts })
    }

    /// `base` with the first match of `pattern` replaced, or every one. After a match that is not
    /// empty an empty one may follow at once, which Rust's own `replace_all` does not allow.
    pub(super) fn apply(&self, base: &str, pattern: &Regex, repeat: bool) -> String {
        let (mut result, mut copied, mut from) = (String::new(), 0, 0);
        while let Some(captures) = pattern.captures_at(base, from) {
            let Some(whole) = captures.get(0) else { break };
            result.push_str(&base[copied..whole.start()]);
            self.append(&captures, &mut result);
            copied = whole.end();
            from = copied;
            if whole.is_empty() {
                from += base[copied..].chars().next().map_or(1, char::len_utf8);
            }
            if !repeat || from > base.len() {
                break;
            }
        }
        result.push_str(&base[copied..]);
        result
    }

    fn append(&self, captures: &Captures<'_>, result: &mut String) {
        for part in &self.parts {
            let group = match part {
                Part::Literal(c) => {
                    result.push(*c);
                    continue;
                }
                Part::Group(number) => captures.get(*number),
                Part::Named(name) => captures.name(name),
            };
            result.push_str(group.map_or("", |found| found.as_str()));
        }
    }
}

fn escaped(rest: &mut &str) -> Result<Part, String> {
    let c = rest.chars().next().ok_or("nothing follows the last '\\'")?;
    *rest = &rest[c.len_utf8()..];
    Ok(Part::Literal(c))
}

fn group(rest: &mut &str, pattern: &Regex) -> Result<Part, String> {
    if let Some((name, after)) = rest.strip_prefix('{').and_then(|named| named.split_once('}')) {
        *rest = after;
        let known = pattern.capture_names().flatten().any(|known| known == name);
        return if known {
            Ok(Part::Named(name.to_owned()))
        } else {
            Err(format!("no group {name:?}"))
        };
    }
    let mut number = digit(rest).ok_or("no group number follows '$'")?;
    if number >= pattern.captures_len() {
        return Err(format!("no group {number}"));
    }
    *rest = &rest[1..];
    // As many digits as still name a group that exists.
    while let Some(next) = digit(rest).map(|digit| number * 10 + digit) {
        if next >= pattern.captures_len() {
            break;
        }
        (number, *rest) = (next, &rest[1..]);
    }
    Ok(Part::Group(number))
}

fn digit(text: &str) -> Option<usize> {
    let byte = text.bytes().next()?;
    byte.is_ascii_digit().then(|| usize::from(byte - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replace(base: &str, pattern: &str, to: &str, repeat: bool) -> Result<String, String> {
        let pattern = Regex::new(pattern).unwrap();
        Ok(Replacement::parse(to, &pattern)?.apply(base, &pattern, repeat))
    }

    /// Rows printed by Java's own Matcher.
    #[test]
    fn text_is_replaced_as_java_replaces_it() {
        let rows = [
            ("foo", "o", "0", true, "f00"),
            ("foo", "o", "0", false, "f0o"),
            ("foo", "(f)", "$1", false, "foo"),
            ("foo", "(f)", "\\$1", false, "$1oo"),
            ("foo", "(f)", "$1$1", false, "ffoo"),
            ("foo", "(f)", "$12", false, "f2oo"),
            ("foo", "(?<n>f)", "${n}z", false, "fzoo"),
            ("foo", "$", "_x", false, "foo_x"),
            ("axb", "x*", "-", true, "-a--b-"),
            ("ab", "()", "-", true, "-a-b-"),
            ("", "x*", "-", true, "-"),
            ("é", "", "-", true, "-é-"),
        ];
        for (base, pattern, to, repeat, result) in rows {
            assert_eq!(replace(base, pattern, to, repeat).as_deref(), Ok(result), "{pattern} {to}");
        }
    }

    #[test]
    fn groups_that_do_not_exist_are_refused() {
        for to in ["$2", "$", "$x", "\\", "${m}", "${1"] {
            assert!(replace("foo", "(f)", to, false).is_err(), "{to}");
        }
    }
}
