use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The kinds of private keys that administrators have.
#[derive(Clone, Copy, Debug)]
pub enum KeyKind {
    /// As `ssh-keygen` writes RSA today.
    RsaOpenSsh,
    /// As it wrote RSA for a long time.
    RsaPem,
    /// As `ssh-keygen` writes ECDSA today.
    EcdsaOpenSsh,
    /// The only kind that Hadoop's own sshfence can use with an OpenSSH of today.
    EcdsaPem,
    /// What administrators make today.
    Ed25519,
}

/// A key pair in a folder; the public half is beside it with `.pub`.
#[derive(Clone, Debug)]
pub struct KeyPair {
    private: PathBuf,
}

impl KeyPair {
    /// Makes a pair without a passphrase.
    pub fn generate(dir: &Path, name: &str, kind: KeyKind) -> Result<Self> {
        Self::with_passphrase(dir, name, kind, "")
    }

    /// A private half that is, or is not, in a file.
    pub fn at(private: PathBuf) -> Self {
        Self { private }
    }

    /// Makes a pair that nobody can use without `phrase`.
    pub fn with_passphrase(dir: &Path, name: &str, kind: KeyKind, phrase: &str) -> Result<Self> {
        fs::create_dir_all(dir)?;
        let private = dir.join(name);
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-q", "-N", phrase, "-C", name, "-f"]).arg(&private);
        keygen.args(match kind {
            KeyKind::RsaOpenSsh => &["-t", "rsa", "-b", "2048"][..],
            KeyKind::RsaPem => &["-t", "rsa", "-b", "2048", "-m", "PEM"],
            KeyKind::EcdsaOpenSsh => &["-t", "ecdsa"],
            KeyKind::EcdsaPem => &["-t", "ecdsa", "-m", "PEM"],
            KeyKind::Ed25519 => &["-t", "ed25519"],
        });
        let status = keygen.status().context("ssh-keygen is missing: run scripts/prepare")?;
        ensure!(status.success(), "{keygen:?}: {status}");
        Ok(Self { private })
    }

    /// The private half.
    pub fn private(&self) -> &Path {
        &self.private
    }

    /// The public half as a line of `authorized_keys`.
    pub fn public(&self) -> Result<String> {
        Ok(fs::read_to_string(self.private.with_extension("pub"))?)
    }
}
