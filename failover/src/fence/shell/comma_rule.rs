/// What a comma in `shell(…)` means.
///
/// Java reads `shell(A,B)` as two commands: A if the node is to become active, B if standby. A
/// controller never says which, so in Java every method with one comma or more fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CommaRule {
    /// As Java: a command with a comma in it fails.
    #[default]
    Java,
    /// Only what can be two alternatives fails: exactly two parts, neither of them blank. All
    /// else is one command, commas included.
    WholeText,
}

impl CommaRule {
    /// The command to run, or why there is none.
    pub(in crate::fence) fn command(self, argument: &str) -> Result<&str, String> {
        let parts = java_split(argument);
        let blank = |part: &&str| part.trim().is_empty();
        match (self, parts.as_slice()) {
            (_, [one]) => Ok(one),
            (Self::WholeText, parts) if parts.len() != 2 || parts.iter().any(blank) => Ok(argument),
            (_, []) => Err("the command is only commas".to_owned()),
            (_, parts) => Err(format!(
                "a comma parts {argument:?} into {} commands, one for each state a node is to \
                 take, and a controller fences for neither; put the command into a script without \
                 a comma in its call",
                parts.len()
            )),
        }
    }
}

/// Java's `split` drops empty parts at the end.
fn java_split(argument: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = argument.split(',').collect();
    while parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::CommaRule::{Java, WholeText};

    #[test]
    fn fc_098_any_comma_between_words_fails_as_in_java() {
        for argument in ["a,b", "a,b,c", ",a", ",,", "kill {1,2}"] {
            assert!(Java.command(argument).is_err(), "{argument}");
        }
        assert_eq!(Java.command("a"), Ok("a"));
        assert_eq!(Java.command("a,"), Ok("a"));
        assert_eq!(Java.command("a,,"), Ok("a"));
    }

    #[test]
    fn fc_098_whole_text_fails_only_for_two_real_alternatives() {
        assert!(WholeText.command("a,b").unwrap_err().contains("script"));
        for argument in ["a,b,c", "a, ", "echo a,b,c"] {
            assert_eq!(WholeText.command(argument), Ok(argument));
        }
    }
}
