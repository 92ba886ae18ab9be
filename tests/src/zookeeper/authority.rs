use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The system's would make an authority of every certificate.
const CONFIG: &str = "openssl.cnf";

/// A certificate authority of a test's own; everything is in PEM files of one folder.
#[derive(Debug)]
pub struct Authority {
    dir: PathBuf,
    name: String,
}

impl Authority {
    /// Makes one that signs itself.
    pub fn new(dir: &Path, name: &str) -> Result<Self> {
        fs::create_dir_all(dir)?;
        fs::write(dir.join(CONFIG), "[req]\ndistinguished_name = name\n[name]\n")?;
        let authority = Self { dir: dir.to_owned(), name: name.to_owned() };
        let mut command = authority.request(name);
        command.args(["-addext", "basicConstraints=critical,CA:TRUE"]);
        run(command.arg("-keyout").arg(authority.key()).arg("-out").arg(authority.certificate()))?;
        Ok(authority)
    }

    /// Its certificate: what is to be trusted.
    pub fn certificate(&self) -> PathBuf {
        self.dir.join(format!("{}.pem", self.name))
    }

    /// A private key and a certificate for it, in one file, good for a server on loopback and
    /// for its clients.
    pub fn issue(&self, name: &str) -> Result<PathBuf> {
        let path = |kind: &str| self.dir.join(format!("{name}.{kind}"));
        let (key, certificate, both) = (path("key"), path("crt"), path("pem"));
        let mut command = self.request(name);
        command.args(["-addext", "basicConstraints=CA:FALSE"]);
        command.args(["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]);
        command.arg("-CA").arg(self.certificate()).arg("-CAkey").arg(self.key());
        run(command.arg("-keyout").arg(&key).arg("-out").arg(&certificate))?;
        fs::write(&both, fs::read_to_string(&key)? + &fs::read_to_string(&certificate)?)?;
        Ok(both)
    }

    fn key(&self) -> PathBuf {
        self.dir.join(format!("{}.key", self.name))
    }

    fn request(&self, name: &str) -> Command {
        let mut command = Command::new("openssl");
        command.args(["req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2"]);
        command.arg("-config").arg(self.dir.join(CONFIG)).args(["-subj", &format!("/CN={name}")]);
        command
    }
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.output().context("openssl is missing: run scripts/prepare")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?}: {}\n{said}", output.status);
    Ok(())
}
