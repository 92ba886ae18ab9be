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
    /// The variable that chooses: `json`, or anything else for text.
    pub const VARIABLE: &'static str = "ZKFC_RS_LOG_FORMAT";

    /// What the environment of this process asks for.
    pub fn of_process() -> Self {
        Self::named(std::env::var(Self::VARIABLE).ok().as_deref())
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
