use std::path::{Path, PathBuf};
use std::process::Command;

/// The kinds of private keys that administrators have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KeyKind {
    RsaOpenSsh,
    RsaPem,
    EcdsaOpenSsh,
    EcdsaPem,
    Ed25519,
}

/// A key pair in a folder; the public half is beside it with `.pub`.
#[derive(Clone, Debug)]
pub(crate) struct KeyPair {
    pub(crate) private: PathBuf,
}

impl KeyPair {
    pub(crate) fn generate(dir: &Path, name: &str, kind: KeyKind) -> Self {
        Self::with_passphrase(dir, name, kind, "")
    }

    pub(crate) fn with_passphrase(dir: &Path, name: &str, kind: KeyKind, phrase: &str) -> Self {
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
        let status = keygen.status().expect("ssh-keygen is missing: run scripts/prepare");
        assert!(status.success(), "{keygen:?}: {status}");
        Self { private }
    }

    pub(crate) fn public(&self) -> String {
        std::fs::read_to_string(self.private.with_extension("pub")).unwrap()
    }
}
