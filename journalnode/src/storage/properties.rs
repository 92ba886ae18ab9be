//! `java.util.Properties` in its text form: ISO-8859-1 bytes, keys and values with escapes.

use std::collections::BTreeMap;
use std::fmt::Write;

use thiserror::Error;

/// A `\u` that four hexadecimal digits do not follow. Java throws
/// `IllegalArgumentException`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("malformed \\uxxxx encoding")]
pub(super) struct BadEscape;

/// Reads properties (`Properties.load`). Of equal keys the last one counts.
pub(super) fn parse(content: &[u8]) -> Result<BTreeMap<String, String>, BadEscape> {
    let text: Vec<char> = content.iter().map(|byte| char::from(*byte)).collect();
    logical_lines(&text).iter().map(|line| entry(line)).collect()
}

/// Writes one property as Java does (`Properties.store`), with its newline.
pub(super) fn encode(key: &str, value: &str) -> String {
    let mut line = String::new();
    escape(key, true, &mut line);
    line.push('=');
    escape(value, false, &mut line);
    line.push('\n');
    line
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{c}')
}

fn is_newline(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

/// Lines without comments, blank ones and leading blanks; a backslash at the end of a line
/// joins it with the next.
fn logical_lines(text: &[char]) -> Vec<Vec<char>> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        rest = skip(rest, |c| is_blank(c) || is_newline(c));
        if matches!(rest.first(), Some('#' | '!')) {
            rest = skip(rest, |c| !is_newline(c));
            continue;
        }
        let line;
        (line, rest) = logical_line(rest);
        if !line.is_empty() {
            lines.push(line);
        }
    }
    lines
}

fn logical_line(text: &[char]) -> (Vec<char>, &[char]) {
    let mut line = Vec::new();
    let mut rest = text;
    while let Some((c, behind)) = rest.split_first() {
        rest = behind;
        match (*c, behind.split_first()) {
            ('\\', Some((newline, behind))) if is_newline(*newline) => {
                let behind = skip_line_feed(*newline, behind);
                rest = skip(behind, is_blank);
                if line.is_empty() {
                    break;
                }
            }
            ('\\', Some((escaped, behind))) => {
                line.extend(['\\', *escaped]);
                rest = behind;
            }
            ('\\', None) => {}
            (c, _) if is_newline(c) => break,
            (c, _) => line.push(c),
        }
    }
    (line, rest)
}

fn skip_line_feed(newline: char, rest: &[char]) -> &[char] {
    if newline == '\r' { rest.strip_prefix(&['\n']).unwrap_or(rest) } else { rest }
}

fn skip(text: &[char], skipped: impl Fn(char) -> bool) -> &[char] {
    let kept = text.iter().position(|c| !skipped(*c)).unwrap_or(text.len());
    &text[kept..]
}

/// Splits a line at the first `=`, `:` or blank that is not escaped.
fn entry(line: &[char]) -> Result<(String, String), BadEscape> {
    let mut end = 0;
    while let Some(c) = line.get(end) {
        match c {
            '\\' => end += 1,
            '=' | ':' => break,
            c if is_blank(*c) => break,
            _ => {}
        }
        end += 1;
    }
    let (key, rest) = line.split_at(end.min(line.len()));
    let rest = skip(rest, is_blank);
    let rest = rest.strip_prefix(&['=']).or_else(|| rest.strip_prefix(&[':'])).unwrap_or(rest);
    Ok((unescape(key)?, unescape(skip(rest, is_blank))?))
}

fn unescape(text: &[char]) -> Result<String, BadEscape> {
    let mut units = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((c, behind)) = rest.split_first() {
        rest = behind;
        let unit = match (c, behind.split_first()) {
            ('\\', Some(('u', behind))) => {
                let (digits, behind) = behind.split_at_checked(4).ok_or(BadEscape)?;
                rest = behind;
                hexadecimal(digits)?
            }
            ('\\', Some((escaped, behind))) => {
                rest = behind;
                control(*escaped) as u16
            }
            ('\\', None) => break,
            (c, _) => *c as u16,
        };
        units.push(unit);
    }
    Ok(String::from_utf16_lossy(&units))
}

fn hexadecimal(digits: &[char]) -> Result<u16, BadEscape> {
    digits.iter().try_fold(0, |value, digit| {
        let digit = digit.to_digit(16).ok_or(BadEscape)?;
        Ok(value << 4 | digit as u16)
    })
}

fn control(escaped: char) -> char {
    match escaped {
        't' => '\t',
        'r' => '\r',
        'n' => '\n',
        'f' => '\u{c}',
        other => other,
    }
}

fn escape(text: &str, is_key: bool, out: &mut String) {
    for (index, c) in text.chars().enumerate() {
        match c {
            ' ' if is_key || index == 0 => out.push_str("\\ "),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\u{c}' => out.push_str("\\f"),
            '=' | ':' | '#' | '!' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            other => escape_units(other, out),
        }
    }
}

fn escape_units(c: char, out: &mut String) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\u{unit:04X}");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn only(content: &str) -> (String, String) {
        let properties = parse(content.as_bytes()).unwrap();
        assert_eq!(properties.len(), 1, "{content:?}: {properties:?}");
        properties.into_iter().next().unwrap()
    }

    #[test]
    fn jn_110_separators_comments_and_escapes() {
        for content in [
            "key=value",
            "key = value",
            "key:value",
            "key value",
            "key\t\u{c} : value\n",
            "  key=value\r\n",
            "# c\n! d\n\nkey=value",
            "key=\\\n   value",
            "ke\\\r\n y=value",
            "k\\u0065y=v\\u0061lue",
            "\\\nkey=value",
            "key=val\\ue",
            "key=value\\",
        ] {
            let expected = ("key".to_owned(), "value".to_owned());
            if content.contains("\\ue") {
                assert_eq!(parse(content.as_bytes()), Err(BadEscape));
            } else {
                assert_eq!(only(content), expected, "{content:?}");
            }
        }
        assert_eq!(only("a\\=b\\:c\\ d=\\e\\t = x "), ("a=b:c d".into(), "e\t = x ".into()));
        assert_eq!(only("key"), ("key".into(), String::new()));
        assert_eq!(only("=value"), (String::new(), "value".into()));
        assert_eq!(only("a=1\na=2"), ("a".into(), "2".into()));
        assert_eq!(parse(b"k=\xe4").unwrap()["k"], "ä");
        assert_eq!(only("a=1\\\n#2"), ("a".into(), "1#2".into()));
        assert_eq!(parse(b"a=1\\\n\nb=2").unwrap().len(), 2);
        // Comments do not continue.
        assert_eq!(only("#x\\\na=1"), ("a".into(), "1".into()));
    }

    #[test]
    fn jn_110_escapes_as_java_writes_them() {
        assert_eq!(encode("a b", " x y"), "a\\ b=\\ x y\n");
        assert_eq!(
            encode("k", "a:b=c#d!e\\f\u{e4}\u{1f600}"),
            "k=a\\:b\\=c\\#d\\!e\\\\f\\u00E4\\uD83D\\uDE00\n"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(key in ".{0,20}", value in ".{0,20}") {
            let (read_key, read_value) = only(&encode(&key, &value));
            prop_assert_eq!((read_key, read_value), (key, value));
        }

        #[test]
        fn any_bytes_are_read_or_refused(content in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&content);
        }

        #[test]
        fn any_line_is_read_or_refused(content in "[a-c=: \\\\\n\r\t#!u0]{0,40}") {
            let _ = parse(content.as_bytes());
        }
    }
}
