use std::collections::BTreeMap;

/// The parameters of a request's query, decoded as a servlet container does: `+` is a space,
/// `%xx` is UTF-8, and of a name that comes twice the first counts.
#[derive(Debug, Default)]
pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    pub(super) fn parse(query: Option<&str>) -> Self {
        let mut parameters = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            parameters.entry(name.into_owned()).or_insert(value.into_owned());
        }
        Self(parameters)
    }

    /// As it came, which may be empty.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Trimmed; an empty one counts as absent (`ServletUtil.getParameter`).
    pub(super) fn trimmed(&self, name: &str) -> Option<&str> {
        self.value(name).map(str::trim).filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_the_first_counts() {
        let query = Query::parse(Some("jid=a%3Ab+c&jid=other&flag&empty=&bad=%zz"));
        assert_eq!(query.value("jid"), Some("a:b c"));
        assert_eq!(query.value("flag"), Some(""));
        assert_eq!(query.value("bad"), Some("%zz"));
        assert_eq!(query.value("absent"), None);
        assert_eq!(query.trimmed("empty"), None);
    }
}
