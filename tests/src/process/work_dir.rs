use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The folder a scenario works in; kept under `target/failures/<name>` unless the scenario succeeded.
#[derive(Debug)]
pub struct WorkDir {
    name: String,
    path: PathBuf,
    succeeded: bool,
}

impl WorkDir {
    /// A fresh folder `target/work/<name>`.
    pub fn create(name: &str) -> Result<Self> {
        let path = target_dir()?.join("work").join(name);
        if path.exists() {
            fs::remove_dir_all(&path).with_context(|| format!("clear {}", path.display()))?;
        }
        fs::create_dir_all(&path).with_context(|| format!("create {}", path.display()))?;
        Ok(Self { name: name.to_owned(), path, succeeded: false })
    }

    /// Runs `scenario` in a fresh folder and panics with its error, after keeping what it wrote.
    pub fn run(name: &str, scenario: impl FnOnce(&Path) -> Result<()>) {
        let mut folder = Self::create(name).unwrap_or_else(|e| panic!("{name}: {e:#}"));
        let started = Instant::now();
        let result = scenario(&folder.path);
        eprintln!("{name}: {:.0} s", started.elapsed().as_secs_f32());
        folder.succeeded = result.is_ok();
        drop(folder);
        if let Err(error) = result {
            panic!("{name}: {error:#}");
        }
    }

    fn keep(&self) -> Result<PathBuf> {
        let failures = target_dir()?.join("failures");
        fs::create_dir_all(&failures)?;
        let kept = failures.join(&self.name);
        if kept.exists() {
            fs::remove_dir_all(&kept)?;
        }
        fs::rename(&self.path, &kept)?;
        Ok(kept)
    }
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        if self.succeeded {
            // A folder that stays is found and cleared by the next run.
            let _ = fs::remove_dir_all(&self.path);
            return;
        }
        match self.keep() {
            Ok(kept) => eprintln!("{}: logs and directories kept in {}", self.name, kept.display()),
            Err(error) => eprintln!("{}: left in {}: {error:#}", self.name, self.path.display()),
        }
    }
}

/// Cargo's target folder, found from the test executable in `target/<profile>/deps`.
pub fn target_dir() -> Result<PathBuf> {
    Ok(profile_dir()?.parent().context("target/<profile> has a parent")?.to_owned())
}

/// A binary of this workspace: `$<NAME>_BIN`, or the one beside the test executable.
pub fn built_binary(name: &str) -> Result<PathBuf> {
    let variable = format!("{}_BIN", name.to_uppercase().replace('-', "_"));
    let path = match std::env::var_os(&variable) {
        Some(path) => PathBuf::from(path),
        None => profile_dir()?.join(name),
    };
    if !path.is_file() {
        bail!(
            "no {name} binary at {}: run `cargo build -p {name}` or set {variable}",
            path.display()
        );
    }
    Ok(path)
}

fn profile_dir() -> Result<PathBuf> {
    let executable = std::env::current_exe()?;
    let deps = executable.parent().context("the test executable has a folder")?;
    let profile = if deps.ends_with("deps") { deps.parent() } else { Some(deps) };
    Ok(profile.context("the test executable is in target/<profile>/deps")?.to_owned())
}
