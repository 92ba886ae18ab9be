use clap::{Parser, Subcommand};

use super::{Context, check_fence, doctor, history, status, wishes};
use hadoop_ipc::tools::ToolExit;

/// The command line of a tool, without Hadoop's generic options.
#[derive(Debug, Parser)]
#[command(
    name = "zkfc-rs",
    version,
    about = "Tools for automatic failover",
    after_help = "Every tool also takes Hadoop's options: --config DIR, -conf FILE, -D KEY=VALUE."
)]
struct CommandLine {
    #[command(subcommand)]
    tool: Tool,
}

#[derive(Debug, Subcommand)]
enum Tool {
    Status(status::Options),
    History(history::Options),
    CheckFence(check_fence::Options),
    Doctor(doctor::Options),
    Pause(wishes::PauseOptions),
    Resume(wishes::ResumeOptions),
    ConfirmFenced(wishes::ConfirmOptions),
}

/// The arguments that make the binary a tool instead of the daemon.
const NAMES: [&str; 7] =
    ["status", "history", "check-fence", "doctor", "pause", "resume", "confirm-fenced"];

/// The tools, as the command line reaches them.
#[derive(Debug)]
pub struct Tools;

impl Tools {
    /// Whether the first argument that is none of Hadoop's options names a tool. Java's controller
    /// knows no such argument.
    pub fn are_meant(arguments: &[String]) -> bool {
        let (_, own) = split(arguments.iter().cloned());
        own.first().is_some_and(|first| NAMES.contains(&first.as_str()))
    }

    /// Does what the command line asks for; the arguments come without the program's name.
    pub fn run(arguments: Vec<String>) -> ToolExit {
        let (generic, own) = split(arguments.into_iter());
        let parsed = CommandLine::try_parse_from(std::iter::once("zkfc-rs".to_owned()).chain(own));
        let command = match parsed {
            Ok(command) => command,
            Err(problem) => {
                // Help that was asked for is no failure. There is nowhere to tell one of these.
                let _ = problem.print();
                return if problem.use_stderr() { ToolExit::Failed } else { ToolExit::Clean };
            }
        };
        run(command.tool, generic).unwrap_or_else(|error| {
            eprintln!("zkfc-rs: {error:#}");
            ToolExit::Failed
        })
    }
}

fn run(tool: Tool, generic: Vec<String>) -> anyhow::Result<ToolExit> {
    let context = Context::load(generic)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match tool {
            Tool::Status(options) => status::run(&context, &options).await,
            Tool::History(options) => history::run(&context, &options).await,
            Tool::CheckFence(options) => check_fence::run(&context, &options).await,
            Tool::Doctor(options) => doctor::run(&context, &options).await,
            Tool::Pause(options) => wishes::pause(&context, &options).await,
            Tool::Resume(options) => wishes::resume(&context, &options).await,
            Tool::ConfirmFenced(options) => wishes::confirm_fenced(&context, &options).await,
        }
    })
}

/// Hadoop's options, which may stand anywhere, and all others.
fn split(mut arguments: impl Iterator<Item = String>) -> (Vec<String>, Vec<String>) {
    let (mut generic, mut own) = (Vec::new(), Vec::new());
    while let Some(argument) = arguments.next() {
        let takes_another =
            matches!(argument.as_str(), "--config" | "-config" | "-conf" | "--conf" | "-D" | "--D");
        let has_value = ["--config=", "-conf=", "--conf=", "-D"]
            .iter()
            .any(|start| argument.starts_with(start));
        if !takes_another && !has_value {
            own.push(argument);
            continue;
        }
        generic.push(argument);
        if takes_another {
            generic.extend(arguments.next());
        }
    }
    (generic, own)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_tool_is_known_by_its_name() {
        let command = CommandLine::command();
        let names: Vec<_> = command.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(names, NAMES);
        CommandLine::command().debug_assert();
    }

    #[test]
    fn nothing_but_an_exact_name_is_a_tool() {
        for other in ["-formatZK", "Status", "status ", "--status", "", "-D", "pause=1"] {
            assert!(!Tools::are_meant(&[other.to_owned()]), "{other}");
        }
        assert!(!Tools::are_meant(&[]));
        assert!(Tools::are_meant(&["check-fence".to_owned()]));
    }

    #[test]
    fn a_tool_is_known_behind_hadoops_options() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for tool in ["--config d status", "-D a=b -conf f doctor --json", "-Da=b history"] {
            assert!(Tools::are_meant(&words(tool)), "{tool}");
        }
        for daemon in ["--config status", "-D status", "--config d -formatZK status"] {
            assert!(!Tools::are_meant(&words(daemon)), "{daemon}");
        }
    }

    #[test]
    fn hadoops_options_may_stand_anywhere() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let (generic, own) =
            split(words("status --config d --json -D a=b --watch 3 -Dc=d").into_iter());
        assert_eq!(generic, words("--config d -D a=b -Dc=d"));
        assert_eq!(own, words("status --json --watch 3"));
    }
}
