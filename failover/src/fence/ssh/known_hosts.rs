use std::path::PathBuf;

/// How the host key of a target is judged. Without a file, ssh's own are used
/// (`~/.ssh/known_hosts`, `/etc/ssh/ssh_known_hosts`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KnownHosts {
    /// Any key, and none is remembered: what Java does.
    #[default]
    Accept,
    /// The key of a host not met before is accepted and remembered; a changed one is refused.
    AcceptNew(Option<PathBuf>),
    /// Only a key that the file has.
    Strict(Option<PathBuf>),
}

impl KnownHosts {
    /// For `ssh -o`.
    pub(super) fn ssh_settings(&self) -> Vec<String> {
        let (check, file) = match self {
            Self::Accept => {
                let null = ["UserKnownHostsFile=/dev/null", "GlobalKnownHostsFile=/dev/null"];
                return ["StrictHostKeyChecking=no"]
                    .iter()
                    .chain(&null)
                    .map(|s| s.to_string())
                    .collect();
            }
            Self::AcceptNew(file) => ("StrictHostKeyChecking=accept-new", file),
            Self::Strict(file) => ("StrictHostKeyChecking=yes", file),
        };
        let mut settings = vec![check.to_owned()];
        if let Some(file) = file {
            // Quoted: without, a blank would end the name.
            settings.push(format!("UserKnownHostsFile=\"{}\"", file.display()));
            settings.push("GlobalKnownHostsFile=/dev/null".to_owned());
        }
        settings
    }
}
