use std::collections::BTreeMap;

/// A name that is not of the form `domain:key=value,…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MalformedName;

/// The name of a bean, or a pattern for names (`javax.management.ObjectName`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ObjectName {
    domain: String,
    properties: BTreeMap<String, String>,
    /// Whether further properties may be there.
    open: bool,
}

impl ObjectName {
    /// The name of a bean. Nothing in it is taken for a wildcard.
    pub(super) fn of(domain: &str, properties: &[(&str, &str)]) -> Self {
        let properties = properties
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        Self { domain: domain.to_owned(), properties, open: false }
    }

    /// Reads a name or a pattern. The empty one is `*:*`.
    pub(super) fn parse(text: &str) -> Result<Self, MalformedName> {
        if text.is_empty() {
            return Self::parse("*:*");
        }
        let (domain, list) = text.split_once(':').ok_or(MalformedName)?;
        if domain.contains('\n') {
            return Err(MalformedName);
        }
        let mut name = Self { domain: domain.to_owned(), properties: BTreeMap::new(), open: false };
        let mut rest = Some(list);
        while let Some(list) = rest {
            rest = name.read_property(list)?;
        }
        Ok(name)
    }

    /// Whether a bean's name fits this pattern.
    pub(super) fn matches(&self, name: &Self) -> bool {
        let fits = |(key, pattern): (&String, &String)| {
            name.properties.get(key).is_some_and(|value| is_match(pattern, value))
        };
        is_match(&self.domain, &name.domain)
            && (self.open || self.properties.len() == name.properties.len())
            && self.properties.iter().all(fits)
    }

    /// Reads the first property of a list and returns the rest of the list.
    fn read_property<'a>(&mut self, list: &'a str) -> Result<Option<&'a str>, MalformedName> {
        if let Some(rest) = list.strip_prefix('*') {
            if std::mem::replace(&mut self.open, true) {
                return Err(MalformedName);
            }
            return after_comma(rest);
        }
        let (key, list) = list.split_once('=').ok_or(MalformedName)?;
        if key.is_empty() || key.contains([',', ':', '*', '?', '\n']) {
            return Err(MalformedName);
        }
        let (value, rest) = list.split_at(value_length(list)?);
        match self.properties.insert(key.to_owned(), value.to_owned()) {
            None => after_comma(rest),
            Some(_) => Err(MalformedName),
        }
    }
}

fn after_comma(rest: &str) -> Result<Option<&str>, MalformedName> {
    match rest.strip_prefix(',') {
        Some(rest) => Ok(Some(rest)),
        None if rest.is_empty() => Ok(None),
        None => Err(MalformedName),
    }
}

/// Length of the value that a list starts with, in bytes. In quotes it may hold anything.
fn value_length(list: &str) -> Result<usize, MalformedName> {
    if !list.starts_with('"') {
        let value = list.split(',').next().unwrap_or_default();
        return if value.contains(['=', ':', '"', '\n']) {
            Err(MalformedName)
        } else {
            Ok(value.len())
        };
    }
    let mut escaped = false;
    for (index, c) in list.char_indices().skip(1) {
        match c {
            '\n' => break,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Ok(index + 1),
            _ => {}
        }
    }
    Err(MalformedName)
}

/// `*` is any text and `?` any character. Linear memory, and time of at most the product of
/// the lengths: the pattern comes from the network.
fn is_match(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => {
                // Let the last star take one character more.
                let Some((star_p, star_t)) = star else { return false };
                star = Some((star_p, star_t + 1));
                (p, t) = (star_p + 1, star_t + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hadoop(name: &str) -> ObjectName {
        ObjectName::of("Hadoop", &[("service", "JournalNode"), ("name", name)])
    }

    fn fits(pattern: &str, name: &str) -> bool {
        ObjectName::parse(pattern).unwrap().matches(&hadoop(name))
    }

    #[test]
    fn jn_133_names_fit_patterns_in_any_order_of_properties() {
        assert!(fits("*:*", "x") && fits("", "x"));
        assert!(fits("Hadoop:service=JournalNode,name=Journal-j1", "Journal-j1"));
        assert!(fits("Hadoop:name=Journal-j1,service=JournalNode", "Journal-j1"));
        assert!(fits("Hadoop:service=JournalNode,name=Journal-*", "Journal-j1"));
        assert!(fits("Had?op:*,name=*fo", "JournalNodeInfo"));
        assert!(!fits("Hadoop:service=JournalNode", "x"));
        assert!(fits("Hadoop:service=JournalNode,*", "x"));
        assert!(!fits("java.lang:*", "x"));
        assert!(!fits("Hadoop:service=JournalNode,name=journal-*", "Journal-j1"));
    }

    #[test]
    fn jn_133_malformed_names_are_told() {
        for text in [
            "Hadoop",
            "Hadoop:",
            "Hadoop:x",
            "Hadoop:a=b,",
            "Hadoop:=b",
            "Hadoop:a=b,a=c",
            "Hadoop:a=b=c",
            "Hadoop:*,*",
            "Hadoop:a=\"b",
            "Hadoop:a=b:c",
            "Hadoop:*x",
        ] {
            assert_eq!(ObjectName::parse(text), Err(MalformedName), "{text}");
        }
        assert!(ObjectName::parse("d:a=\"b,\\\"=:\",c=d").is_ok());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}", name in "\\PC{0,20}") {
            if let Ok(pattern) = ObjectName::parse(&text) {
                pattern.matches(&hadoop(&name));
            }
        }

        #[test]
        fn a_text_matches_itself_with_any_part_replaced(a in "[a-z]{0,8}", b in "[a-z]{0,8}", c in "[a-z]{0,8}") {
            let text = format!("{a}{b}{c}");
            let pattern = format!("{a}*{c}");
            prop_assert!(is_match(&pattern, &text));
        }
    }
}
