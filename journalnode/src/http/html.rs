/// Makes text safe inside an element and inside a quoted attribute, with the entities that
/// Jetty uses.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_script_survives() {
        assert_eq!(
            escape("<script a='\"'>&</script>"),
            "&lt;script a=&apos;&quot;&apos;&gt;&amp;&lt;/script&gt;"
        );
        assert_eq!(escape("edits π"), "edits π");
    }
}
