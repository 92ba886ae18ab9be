use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::hadoop::HdfsClient;
use crate::process::wait_until;

/// How long a load may take to get some more operations acknowledged, failovers included.
const PROGRESS_LIMIT: Duration = Duration::from_secs(120);

/// A client writing in the background, with the list of what was acknowledged.
#[derive(Debug)]
pub struct Load {
    client: Rc<HdfsClient>,
    name: String,
    acked_file: PathBuf,
}

impl Load {
    /// Starts writing under `/load/<name>`; what was acknowledged, and when, goes to
    /// `acked_file` too.
    pub fn start(client: Rc<HdfsClient>, name: &str, uri: &str, acked_file: &Path) -> Result<Self> {
        let dir = format!("/load/{name}");
        client.call(&["load-start", name, uri, &dir, &acked_file.display().to_string()])?;
        Ok(Self { client, name: name.to_owned(), acked_file: acked_file.to_owned() })
    }

    /// Operations acknowledged so far.
    pub fn acked(&self) -> Result<u64> {
        Ok(self.client.call(&["load-acked", &self.name])?.parse()?)
    }

    /// When each of them was, in milliseconds since 1970.
    pub fn acked_at_ms(&self) -> Result<Vec<u64>> {
        let text = fs::read_to_string(&self.acked_file)?;
        // The last line may be half written.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let time = |line: &str| line.rsplit_once(' ')?.1.parse().ok();
        whole.lines().map(|line| time(line).with_context(|| line.to_owned())).collect()
    }

    /// Waits until `more` operations were acknowledged from now on.
    pub fn await_more(&self, more: u64) -> Result<()> {
        let goal = self.acked()? + more;
        let what = format!("load {} to reach {goal} operations", self.name);
        wait_until(&what, PROGRESS_LIMIT, || Ok((self.acked()? >= goal).then_some(())))
    }

    /// Stops writing and fails if any operation did.
    pub fn stop_without_failures(&self) -> Result<()> {
        let said = self.stop()?;
        ensure!(said.contains(" failed=0 "), "load {}: {said}", self.name);
        Ok(())
    }

    /// Stops writing; failed operations are unknown, not lost.
    pub fn stop(&self) -> Result<String> {
        self.client.call(&["load-stop", &self.name])
    }

    /// Fails if the file system lacks anything that was acknowledged.
    pub fn ensure_all_there(&self, uri: &str) -> Result<()> {
        let missing = self.client.call(&["load-missing", &self.name, uri])?;
        ensure!(missing.is_empty(), "acknowledged but not at {uri}: {missing}");
        Ok(())
    }
}
