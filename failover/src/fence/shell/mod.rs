//! `shell(COMMAND)`: a script of the operator's fences.

mod check;
mod comma_rule;
mod environment;
mod shell_method;
mod shell_options;

pub use comma_rule::CommaRule;
pub(super) use shell_method::ShellMethod;
pub use shell_options::ShellOptions;
