use crate::fence::FenceConfigError;

/// Java's default too.
const SSH_PORT: u16 = 22;

/// Where `sshfence` logs in, apart from the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::fence) struct SshLogin {
    /// `None`: the user that runs this process.
    pub(in crate::fence) user: Option<String>,
    pub(in crate::fence) port: u16,
}

impl SshLogin {
    /// From what stands in the brackets of `sshfence`: `USER`, `:PORT` or `USER:PORT`.
    pub(super) fn parse(argument: Option<&str>) -> Result<Self, FenceConfigError> {
        let Some(argument) = argument else { return Ok(Self { user: None, port: SSH_PORT }) };
        let bad = || FenceConfigError::BadUserPort { argument: argument.to_owned() };
        let (user, port) = match argument.split_once(':') {
            None => (argument, SSH_PORT),
            Some((user, port)) => (user, port_of(port).ok_or_else(bad)?),
        };
        // The name becomes an argument of ssh.
        if user.starts_with('-') || user.contains(char::is_whitespace) {
            return Err(bad());
        }
        Ok(Self { user: (!user.is_empty()).then(|| user.to_owned()), port })
    }
}

fn port_of(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| is_number && *port != 0)
}
