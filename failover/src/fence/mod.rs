//! Making sure that an old active NameNode is gone.
//!
//! [`Fencer`] holds the methods of `dfs.ha.fencing.methods` and runs them in order; the first that
//! has proof wins. What a method
//! cannot prove is not fenced.
//!
//! # When `sshfence` believes that the owner of the port is gone
//!
//! It logs in and runs `fuser -v -k -n tcp PORT`, as Java does. Whatever that says, success needs
//! a probe of the target that finds the port free. A probe counts only if it works there, which is
//! shown by the port of the sshd that serves this very connection: it must find that one in use.
//!
//! | order | probe | says "in use" | says "free" |
//! |---|---|---|---|
//! | 1 | `ss -ltn` | the port is listed | it is not, and sshd's is |
//! | 2 | `/proc/net/tcp`, `tcp6` | as above | as above |
//! | 3 | bash's `/dev/tcp` | one address of the host accepts | all of them refuse, and sshd's accepts |
//! | 4 | `nc -vz` | as above | as above |
//!
//! | `fuser` | the port after it | outcome |
//! |---|---|---|
//! | 0: processes killed | free within ten seconds | fenced |
//! | 0 | in use, or no probe works | not fenced (Java: fenced) |
//! | 1: nobody, or no permission | free | fenced |
//! | 1 | in use | not fenced; the reason says whose permission lacks |
//! | 1 | no probe works: no tool, a name that does not resolve | not fenced (Java: fenced) |
//! | 127: no `fuser` | in use, owner known to `ss -ltnp` or `lsof`, killed, then free | fenced (Java: not) |
//! | 127 | free | fenced (Java: not) |
//! | 127 | anything else | not fenced |
//! | another status, a signal, a lost connection, the deadline | | not fenced |
//!
//! Only listening on the service port is looked at, as in Java: a NameNode that hangs after it
//! closed that port counts as gone.

mod check_result;
mod check_state;
mod fence_config_error;
mod fence_options;
mod fence_report;
mod fence_target;
mod fencer;
mod grammar;
mod head_start;
mod log_level;
mod outcome;
mod output_log;
mod process_group;
mod shell;
mod ssh;

pub use check_result::CheckResult;
pub use check_state::CheckState;
pub use fence_config_error::FenceConfigError;
pub use fence_options::FenceOptions;
pub use fence_report::{FenceReport, MethodAttempt};
pub use fence_target::FenceTarget;
pub use fencer::Fencer;
pub use head_start::HeadStart;
pub use outcome::Outcome;
pub use shell::{CommaRule, ShellOptions};
pub use ssh::{KnownHosts, SshOptions};
