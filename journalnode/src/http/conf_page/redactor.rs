use hadoop_ipc::conf::{Configuration, trimmed_strings};
use regex::{Regex, RegexBuilder};

const KEY: &str = "hadoop.security.sensitive-config-keys";
/// If the key is not set at all.
const FALLBACK: &str = "secret$,password$,ssl.keystore.pass$,credential$,oauth.*token";
/// Largest pattern, in bytes once compiled.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// Hides the values of keys that hold secrets (`ConfigRedactor`).
#[derive(Debug)]
pub(super) struct Redactor {
    /// `None`: a pattern is no pattern, and what it meant to hide is not known.
    patterns: Option<Vec<Regex>>,
}

impl Redactor {
    pub(super) fn new(conf: &Configuration) -> Self {
        let list = conf.string(KEY).ok().flatten().unwrap_or_else(|| FALLBACK.to_owned());
        let compile =
            |pattern: &String| RegexBuilder::new(pattern).size_limit(MAX_PATTERN_BYTES).build();
        Self { patterns: trimmed_strings(&list).iter().map(compile).collect::<Result<_, _>>().ok() }
    }

    /// Whether the value of this key must not be shown.
    pub(super) fn hides(&self, key: &str) -> bool {
        match &self.patterns {
            Some(patterns) => patterns.iter().any(|pattern| pattern.is_match(key)),
            None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    fn redactor(list: Option<&str>) -> Redactor {
        let mut conf = Configuration::empty(Environment::empty());
        if let Some(list) = list {
            conf.set(KEY, list, "test");
        }
        Redactor::new(&conf)
    }

    #[test]
    fn secrets_are_hidden_by_the_name_of_their_key() {
        let redactor = redactor(None);
        assert!(redactor.hides("ssl.server.keystore.password"));
        assert!(redactor.hides("x.secret"));
        assert!(!redactor.hides("dfs.journalnode.rpc-address"));
        assert!(!redactor.hides("password.file"));
    }

    #[test]
    fn own_patterns_replace_the_usual_ones() {
        let redactor = redactor(Some("token\n, ^my\\."));
        assert!(redactor.hides("a.token.b") && redactor.hides("my.key"));
        assert!(!redactor.hides("password"));
    }

    #[test]
    fn a_broken_pattern_hides_everything() {
        assert!(redactor(Some("(")).hides("dfs.journalnode.rpc-address"));
    }
}
