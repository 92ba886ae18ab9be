/// How a line of the log looks. The log goes to stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

impl LogFormat {
    /// What a variable of this process asks for: `json`, or anything else for text.
    pub fn of_process(variable: &str) -> Self {
        Self::named(std::env::var(variable).ok().as_deref())
    }

    fn named(name: Option<&str>) -> Self {
        match name {
            Some(name) if name.trim().eq_ignore_ascii_case("json") => Self::Json,
            _ => Self::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_asked_for_by_name() {
        assert_eq!(LogFormat::named(Some("JSON")), LogFormat::Json);
        assert_eq!(LogFormat::named(Some("xml")), LogFormat::Text);
        assert_eq!(LogFormat::named(None), LogFormat::Text);
    }
}
