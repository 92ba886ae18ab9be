use crate::settings::StartFailure;

/// What the command takes. Printed on standard output when asked for, else on standard error.
pub const USAGE: &str = "\
Usage: zkfc-rs [generic options] [-formatZK [-force] [-nonInteractive]]
        -formatZK: prepares ZooKeeper for the nameservice, then ends
        -force: does so without asking, even if it was done before; given twice,
                even while a controller holds the lock
        -nonInteractive: does not ask; ends with 2 if it was done before

       zkfc-rs [generic options] TOOL [options]
        TOOL: status, history, check-fence, doctor, pause, resume or confirm-fenced;
        zkfc-rs TOOL --help says more

Generic options:
        --config DIR: reads core-site.xml and hdfs-site.xml from there
        -conf FILE: reads this file too
        -D KEY=VALUE: sets one key
";

/// What the command line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Look after the local NameNode.
    Serve,
    /// Prepare ZooKeeper.
    Format(FormatRequest),
}

/// How to prepare ZooKeeper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FormatRequest {
    /// How often `-force` was given.
    pub force: u8,
    /// Whether nobody is there to be asked.
    pub non_interactive: bool,
}

/// What is left of the command line after the generic options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arguments(pub Vec<String>);

impl Arguments {
    /// Whether the only argument asks for help. Java looks for that before all else.
    pub fn ask_for_help(arguments: &[String]) -> bool {
        matches!(arguments, [only] if only == "-h" || only == "--help")
    }

    /// What they ask for. Case does not matter in `-formatZK`: people write `-formatZk`.
    pub fn action(&self) -> Result<Action, StartFailure> {
        let Some((first, rest)) = self.0.split_first() else { return Ok(Action::Serve) };
        if !first.eq_ignore_ascii_case("-formatZK") {
            return Err(StartFailure::Usage { argument: first.clone() });
        }
        let mut request = FormatRequest::default();
        for argument in rest {
            match argument.as_str() {
                "-force" => request.force = request.force.saturating_add(1),
                "-nonInteractive" => request.non_interactive = true,
                _ => return Err(StartFailure::Usage { argument: argument.clone() }),
            }
        }
        Ok(Action::Format(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(words: &str) -> Result<Action, StartFailure> {
        Arguments(words.split_whitespace().map(str::to_owned).collect()).action()
    }

    #[test]
    fn fc_046_format_takes_its_options_in_any_order() {
        let request =
            |force, non_interactive| Some(Action::Format(FormatRequest { force, non_interactive }));
        assert_eq!(action("").ok(), Some(Action::Serve));
        assert_eq!(action("-formatZK").ok(), request(0, false));
        assert_eq!(action("-formatZk").ok(), request(0, false));
        assert_eq!(action("-formatZK -nonInteractive -force").ok(), request(1, true));
        assert_eq!(action("-formatZK -force -force").ok(), request(2, false));
    }

    #[test]
    fn fc_044_what_is_unknown_is_named_and_ends_with_1() {
        for words in ["-format", "start", "-formatZK -f", "-formatZK -force now", "-h -formatZK"] {
            let failure = action(words).unwrap_err();
            assert_eq!(failure.exit_code(), 1, "{words}");
            assert!(matches!(failure, StartFailure::Usage { .. }), "{words}");
        }
    }

    #[test]
    fn fc_043_help_must_be_the_only_argument() {
        let asks = |words: &[&str]| {
            Arguments::ask_for_help(
                &words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(),
            )
        };
        assert!(asks(&["-h"]) && asks(&["--help"]));
        assert!(!asks(&["-h", "-formatZK"]) && !asks(&[]) && !asks(&["-help"]));
    }
}
