use std::ffi::{OsStr, OsString};

use clap::{Parser, Subcommand};

use super::inspection::own_first;
use super::{dump, history, scrub, status, tail, verify};
use hadoop_ipc::tools::ToolExit;

/// The command line of a tool.
#[derive(Debug, Parser)]
#[command(name = "journalnode", version, about = "Tools for journals and JournalNodes")]
pub struct Tools {
    #[command(subcommand)]
    tool: Tool,
}

#[derive(Debug, Subcommand)]
enum Tool {
    Verify(verify::Options),
    Dump(dump::Options),
    Status(status::Options),
    History(history::Options),
    Scrub(scrub::Options),
    Tail(tail::Options),
}

/// The arguments that make the binary a tool instead of the daemon.
const NAMES: [&str; 6] = ["verify", "dump", "status", "history", "scrub", "tail"];
/// Those that sort out their own options among Hadoop's.
const ASKING: [&str; 3] = ["history", "scrub", "tail"];

impl Tools {
    /// Whether the first argument asks for a tool. Java's JournalNode ignores what it does not
    /// know, so nothing but an exact name does.
    pub fn are_meant(first_argument: Option<&OsStr>) -> bool {
        first_argument.is_some_and(|first| NAMES.iter().any(|name| first == *name))
    }

    /// Reads a command line. What is wrong with it is said, and ends the process.
    pub fn of(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let arguments: Vec<_> = arguments.into_iter().collect();
        let asks = arguments.get(1).is_some_and(|name| ASKING.iter().any(|asking| name == asking));
        Self::parse_from(if asks { own_first(arguments) } else { arguments })
    }

    /// Does what the command line asks for.
    pub fn run(self) -> ToolExit {
        match self.tool {
            Tool::Verify(options) => verify::run(&options),
            Tool::Dump(options) => dump::run(&options),
            Tool::Status(options) => status::run(&options),
            Tool::History(options) => history::run(&options),
            Tool::Scrub(options) => scrub::run(&options),
            Tool::Tail(options) => tail::run(&options),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_tool_is_known_by_its_name() {
        let command = Tools::command();
        let names: Vec<_> = command.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(names, NAMES);
    }

    #[test]
    fn nothing_but_an_exact_name_is_a_tool() {
        for other in ["-rollback", "Verify", "verify ", "--verify", "", "-D", "dump=1"] {
            assert!(!Tools::are_meant(Some(OsStr::new(other))), "{other}");
        }
        assert!(!Tools::are_meant(None));
        assert!(Tools::are_meant(Some(OsStr::new("verify"))));
    }
}
