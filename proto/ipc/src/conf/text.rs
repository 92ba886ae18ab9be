/// Java's `String.trim`: everything up to and including U+0020 goes, at both ends.
/// Unlike Rust's `trim` it takes control characters and leaves Unicode spaces.
pub fn java_trim(text: &str) -> &str {
    text.trim_matches(|c: char| c <= ' ')
}

/// The items of a comma- or newline-separated list, trimmed, without empty ones or duplicates,
/// in order of first appearance. Java: `StringUtils.getTrimmedStringCollection`.
pub fn trimmed_strings(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for item in text.split([',', '\n']).map(java_trim) {
        if !item.is_empty() && !items.iter().any(|known| known == item) {
            items.push(item.to_owned());
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows printed by Hadoop 3.4.3's own `getTrimmedStringCollection`.
    #[test]
    fn lists_are_split_as_java_splits_them() {
        let rows: [(&str, &[&str]); 12] = [
            ("a,b", &["a", "b"]),
            (" a , b ", &["a", "b"]),
            ("a,,b", &["a", "b"]),
            (",a", &["a"]),
            ("a,", &["a"]),
            (",", &[]),
            ("", &[]),
            ("a\nb", &["a", "b"]),
            (" a \n , b", &["a", "b"]),
            ("a,a", &["a"]),
            ("a;b", &["a;b"]),
            ("a b", &["a b"]),
        ];
        for (text, items) in rows {
            assert_eq!(trimmed_strings(text), items, "{text:?}");
        }
    }

    #[test]
    fn trim_takes_control_characters_and_leaves_unicode_spaces() {
        assert_eq!(java_trim("\u{0}\t a\u{a0} \r\n"), "a\u{a0}");
    }
}
