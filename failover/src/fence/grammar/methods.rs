use super::Method;
use crate::fence::FenceConfigError;

/// Whatever Java's `trim` takes away.
const BLANK: fn(char) -> bool = |c| c <= ' ';

/// All methods in order, and what is suspicious about the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::fence) struct Methods {
    pub(in crate::fence) list: Vec<Method>,
    pub(in crate::fence) warnings: Vec<String>,
}

impl Methods {
    /// Java: `NodeFencer.parseMethods`. Unlike Java's, no method at all is an error: nobody can
    /// be fenced by nothing.
    pub(in crate::fence) fn parse(value: &str) -> Result<Self, FenceConfigError> {
        let mut methods = Self { list: Vec::new(), warnings: Vec::new() };
        for whole in value.split('\n') {
            let line = whole.split('#').next().unwrap_or_default().trim_matches(BLANK);
            if !line.is_empty() {
                methods.list.push(Method::parse(line)?);
                methods.suspect(whole.trim_matches(BLANK), line);
            }
        }
        if methods.list.is_empty() { Err(FenceConfigError::NoMethods) } else { Ok(methods) }
    }

    fn suspect(&mut self, whole: &str, line: &str) {
        if matches!(self.list.last(), Some(Method::Shell { .. })) && whole.contains('#') {
            self.warnings.push(format!(
                "dfs.ha.fencing.methods: only {line:?} of {whole:?} is run, since '#' starts a \
                 comment; if it belongs to the command, put that into a script"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::SshLogin;
    use super::*;

    fn shown(value: &str) -> Vec<String> {
        Methods::parse(value).unwrap().list.iter().map(Method::to_string).collect()
    }

    fn login(value: &str) -> SshLogin {
        match &Methods::parse(value).unwrap().list[0] {
            Method::Ssh { login, .. } => login.clone(),
            Method::Shell { .. } => panic!("{value} is no sshfence"),
        }
    }

    fn refused(value: &str) -> FenceConfigError {
        Methods::parse(value).unwrap_err()
    }

    #[test]
    fn fc_093_sshfence_takes_user_and_port() {
        let of = |user: Option<&str>, port| SshLogin { user: user.map(str::to_owned), port };
        assert_eq!(login("sshfence"), of(None, 22));
        assert_eq!(login("sshfence(u)"), of(Some("u"), 22));
        assert_eq!(login("sshfence(:2222)"), of(None, 2222));
        assert_eq!(login("sshfence(u:2222)"), of(Some("u"), 2222));
    }

    #[test]
    fn fc_093_lines_that_java_cannot_read_are_refused() {
        for value in
            ["sshfence()", "shell()", "shell (x)", "shell(x", "shell(echo '#x')", "shell(a\nb)"]
        {
            let error = refused(value);
            assert!(matches!(error, FenceConfigError::Unreadable { .. }), "{value}: {error}");
        }
        assert_eq!(refused("shell"), FenceConfigError::NoCommand);
        for argument in ["u:", "u:1:2", "u:65536", ":99999999999", "u:x", "u:+1", ":0"] {
            let error = refused(&format!("sshfence({argument})"));
            assert!(matches!(error, FenceConfigError::BadUserPort { .. }), "{argument}: {error}");
        }
    }

    #[test]
    fn fc_093_other_names_are_refused_with_a_way_out() {
        for value in ["Shell(x)", "powershell(x)", "org.example.Fencer", "SshFence"] {
            let error = refused(value);
            assert!(matches!(error, FenceConfigError::UnknownMethod { .. }), "{value}: {error}");
            assert!(error.to_string().contains("shell(/path/to/script)"), "{error}");
        }
    }

    #[test]
    fn fc_093_the_argument_reaches_to_the_last_bracket() {
        assert_eq!(shown("shell(a) shell(b)"), ["shell(a) shell(b)"]);
        assert_eq!(shown("shell(a),shell(b)"), ["shell(a),shell(b)"]);
    }

    #[test]
    fn fc_093_lines_comments_and_blanks() {
        let value = "\r\n  sshfence # first\r\n# nothing\n\n\tshell(/bin/a b)  ";
        assert_eq!(shown(value), ["sshfence", "shell(/bin/a b)"]);
    }

    #[test]
    fn class_names_stand_for_the_built_in_methods() {
        let ssh = "org.apache.hadoop.ha.SshFenceByTcpPort(u:2222)";
        assert_eq!(login(ssh), SshLogin { user: Some("u".to_owned()), port: 2222 });
        assert_eq!(shown("org.apache.hadoop.ha.ShellCommandFencer(x)"), ["shell(x)"]);
    }

    #[test]
    fn no_method_at_all_can_never_fence() {
        for value in ["", " \n\t", "# sshfence"] {
            assert_eq!(refused(value), FenceConfigError::NoMethods);
        }
        assert!(FenceConfigError::NoMethods.to_string().contains("can never fence"));
    }

    #[test]
    fn a_command_cut_by_a_comment_is_told() {
        let methods = Methods::parse("shell(a) # b)\nsshfence # fine").unwrap();
        assert_eq!(methods.warnings.len(), 1);
        assert!(methods.warnings[0].contains("'#'"));
    }

    #[test]
    fn a_user_cannot_smuggle_options_into_ssh() {
        for argument in ["-oProxyCommand=x", "a b"] {
            let error = refused(&format!("sshfence({argument})"));
            assert!(matches!(error, FenceConfigError::BadUserPort { .. }), "{error}");
        }
    }
}
