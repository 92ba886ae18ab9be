use std::time::Instant;

use tracing::{info, warn};

use super::grammar::{Method, Methods};
use super::shell::ShellMethod;
use super::ssh::{ControlDir, SshMethod};
use super::{
    CheckResult, FenceConfigError, FenceOptions, FenceReport, FenceTarget, HeadStart,
    MethodAttempt, Outcome,
};

/// The methods of `dfs.ha.fencing.methods`, ready to run. Java: `NodeFencer`.
#[derive(Clone, Debug)]
pub struct Fencer {
    methods: Vec<Method>,
    options: FenceOptions,
    warnings: Vec<String>,
}

impl Fencer {
    /// Reads the value of `dfs.ha.fencing.methods`.
    pub fn parse(methods: &str, options: FenceOptions) -> Result<Self, FenceConfigError> {
        let Methods { list, mut warnings } = Methods::parse(methods)?;
        for method in &list {
            if let Method::Shell { command } = method
                && let Err(why) = options.shell.comma.command(command)
            {
                warnings.push(format!("{method} will always fail: {why}"));
            }
        }
        Ok(Self { methods: list, options, warnings })
    }

    /// What an operator should hear at start: the configuration is valid, and yet suspicious.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Why a method cannot work on this machine as it is now, whatever the target.
    pub fn obstacles(&self) -> Vec<String> {
        let is_ssh = |method: &Method| matches!(method, Method::Ssh { .. });
        let missing = || ControlDir::make(&self.options.ssh.run_dir).err();
        let missing = self.methods.iter().any(is_ssh).then(missing).flatten();
        missing.map(|why| format!("sshfence will always fail: {why}")).into_iter().collect()
    }

    /// Where the methods log in.
    pub fn ssh_ports(&self) -> Vec<u16> {
        let port = |method: &Method| match method {
            Method::Ssh { login, .. } => Some(login.port),
            Method::Shell { .. } => None,
        };
        self.methods.iter().filter_map(port).collect()
    }

    /// Does what the first method needs before it acts: `sshfence` logs in. For while it is still
    /// open whether force is needed; nothing happens to the target.
    pub async fn begin(&self, target: &FenceTarget) -> HeadStart {
        let Some(Method::Ssh { login, .. }) = self.methods.first() else {
            return HeadStart::default();
        };
        let started = Instant::now();
        let login = SshMethod { login, options: &self.options.ssh }.log_in(target).await;
        HeadStart { login: Some(login), took: started.elapsed() }
    }

    /// Runs the methods in order until one has proof that the NameNode is gone. Whatever goes
    /// wrong with one, the next has its turn. Dropping the future ends every process it started.
    pub async fn fence(&self, target: &FenceTarget) -> FenceReport {
        self.fence_from(HeadStart::default(), target).await
    }

    /// As [`fence`](Self::fence), from where [`begin`](Self::begin) got.
    pub async fn fence_from(&self, head_start: HeadStart, target: &FenceTarget) -> FenceReport {
        let mut attempts = Vec::new();
        let mut head_start = Some(head_start);
        for (index, method) in self.methods.iter().enumerate() {
            info!(
                "fencing {}: method {} of {}: {method}",
                target.node,
                index + 1,
                self.methods.len()
            );
            // It is the first method's.
            let begun = head_start.take().unwrap_or_default();
            let attempt = self.attempt(method, begun, target).await;
            let fenced = attempt.outcome.is_fenced();
            attempts.push(attempt);
            if fenced {
                return FenceReport { fenced_by: Some(method.to_string()), attempts };
            }
        }
        FenceReport { fenced_by: None, attempts }
    }

    /// Looks whether the methods would work, as far as that can be seen without killing anything.
    pub async fn check(&self, target: &FenceTarget) -> Vec<CheckResult> {
        let mut rows = Vec::new();
        for method in &self.methods {
            let text = method.to_string();
            rows.extend(match method {
                Method::Shell { command } => self.shell(command).check(&text, target).await,
                Method::Ssh { login, .. } => {
                    let options = &self.options.ssh;
                    SshMethod { login, options }.check(&text, target).await
                }
            });
        }
        rows
    }

    async fn attempt(
        &self,
        method: &Method,
        begun: HeadStart,
        target: &FenceTarget,
    ) -> MethodAttempt {
        let started = Instant::now();
        let outcome = match method {
            Method::Shell { command } => self.shell(command).fence(target).await,
            Method::Ssh { login, .. } => {
                let ssh = SshMethod { login, options: &self.options.ssh };
                match begun.login {
                    Some(login) => ssh.fence_through(login, target).await,
                    None => ssh.fence(target).await,
                }
            }
        };
        let took = begun.took + started.elapsed();
        let attempt = MethodAttempt { method: method.to_string(), outcome, took };
        match attempt.outcome {
            Outcome::Fenced(_) => info!("fencing {}: {attempt}", target.node),
            Outcome::NotFenced(_) => warn!("fencing {}: {attempt}", target.node),
        }
        attempt
    }

    fn shell<'a>(&'a self, argument: &'a str) -> ShellMethod<'a> {
        ShellMethod { argument, options: &self.options.shell }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_that_always_fails_is_told_at_start() {
        let fencer = Fencer::parse("shell(a,b)\nsshfence", FenceOptions::default()).unwrap();
        assert_eq!(fencer.warnings().len(), 1);
        assert!(fencer.warnings()[0].contains("always fail"));
        let calm = Fencer::parse("sshfence\nshell(a b)", FenceOptions::default()).unwrap();
        assert!(calm.warnings().is_empty());
    }
}
