use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, bail};
use rustix::fs::{FlockOperation, flock};

use crate::process::cache_dir;

const POM: &str = include_str!("../../java/pom.xml");
/// Hadoop's release under test; `pom.xml` names it too.
const RELEASE: &str = "3.4.3";
/// Folders under `webapps` that a daemon's web server insists on finding. Hadoop ships the pages in its
/// release archive, not in its jars; `/jmx` and the servlets need none.
const WEB_PAGES: [&str; 4] = ["journal", "hdfs", "datanode", "static"];
/// Written last, so that a folder of an interrupted download is not taken for whole.
const COMPLETE: &str = "complete";

/// Hadoop's jars and this harness's Java classes, copied once per machine into a cache folder:
/// `$HDFS_HA_QUORUM_CACHE`, else `$XDG_CACHE_HOME/hdfs-ha-quorum`, else `~/.cache/hdfs-ha-quorum`.
#[derive(Debug)]
pub struct ClassPath {
    daemons: String,
    suites: String,
}

impl ClassPath {
    /// The class path of this machine, made if it is not there yet.
    pub fn of_this_machine() -> Result<&'static Self> {
        static MADE: OnceLock<Result<ClassPath, String>> = OnceLock::new();
        let made = MADE.get_or_init(|| Self::materialise().map_err(|error| format!("{error:#}")));
        made.as_ref().map_err(|error| anyhow!("{error}"))
    }

    /// What a Hadoop daemon or tool needs, and the harness's own classes.
    pub fn daemons(&self) -> &str {
        &self.daemons
    }

    /// Hadoop's own test suites, with a stand-in for the class JournalNode in front of them.
    pub fn suites(&self) -> &str {
        &self.suites
    }

    fn materialise() -> Result<Self> {
        let cache = cache_dir()?;
        fs::create_dir_all(&cache).with_context(|| format!("create {}", cache.display()))?;
        // Test binaries run in parallel; the first one downloads, the others wait for it.
        let lock = File::create(cache.join("hadoop.lock"))?;
        flock(&lock, FlockOperation::LockExclusive)?;
        let folder = cache.join(format!("hadoop-{RELEASE}-{:016x}", fingerprint(POM.as_bytes())));
        let (main, suites) = (folder.join("main"), folder.join("suites"));
        if !folder.join(COMPLETE).exists() {
            copy_dependencies("runtime", &main)?;
            copy_dependencies("test", &suites)?;
            File::create(folder.join(COMPLETE))?;
        }
        let drivers = compile("src", &folder, &main)?;
        let stand_in = compile("suites", &folder, &suites)?;
        Ok(Self {
            daemons: format!("{}:{}", drivers.display(), jars(&main)?),
            suites: format!("{}:{}", stand_in.display(), jars(&suites)?),
        })
    }
}

fn copy_dependencies(scope: &str, into: &Path) -> Result<()> {
    eprintln!("fetching Hadoop {RELEASE} ({scope} jars) with Maven into {} ...", into.display());
    let mut maven = Command::new("mvn");
    maven
        .args(["--batch-mode", "--quiet", "dependency:copy-dependencies"])
        .arg(format!("-DincludeScope={scope}"))
        .arg(format!("-DoutputDirectory={}", into.display()))
        .current_dir(java_dir());
    run(maven, "mvn", "maven")
}

/// Compiles `tests/java/<sources>` against `jars`, into a folder per state of the sources:
/// a changed class must not meet a stale one.
fn compile(sources: &str, folder: &Path, jars: &Path) -> Result<PathBuf> {
    let files = java_files(&java_dir().join(sources))?;
    let mut text = Vec::new();
    for file in &files {
        text.extend(fs::read(file)?);
    }
    let classes = folder.join(format!("{sources}-{:016x}", fingerprint(&text)));
    for page in WEB_PAGES {
        fs::create_dir_all(classes.join("webapps").join(page))?;
    }
    if classes.join(COMPLETE).exists() {
        return Ok(classes);
    }
    let mut javac = Command::new("javac");
    javac.args(["-nowarn", "-proc:none", "-d"]).arg(&classes);
    javac.arg("-cp").arg(jars.join("*")).args(&files);
    run(javac, "javac", "openjdk-17-jdk-headless")?;
    File::create(classes.join(COMPLETE))?;
    Ok(classes)
}

fn java_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("java")
}

fn java_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(java_files(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The jars by name: a wildcard's order is the file system's, and order decides which class wins.
fn jars(folder: &Path) -> Result<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        names.push(entry?.path().display().to_string());
    }
    names.sort();
    Ok(names.join(":"))
}

fn run(mut command: Command, program: &str, package: &str) -> Result<()> {
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("{program} is not installed: apt-get install {package}")
        }
        Err(error) => return Err(error).with_context(|| format!("run {program}")),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        bail!("{program}: {}\n{said}{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// FNV-1a, 64 bits: names a folder, guards nothing.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    })
}
