use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;

use super::Operation;
use crate::hadoop::HdfsClient;
use crate::process::wait_until;

const ID: &str = "chaos";
const CLIENTS: &str = "3";
/// A client gives up on an operation, and tries the next, well before.
const PROGRESS_LIMIT: Duration = Duration::from_secs(180);

/// Clients that write all the time through the nameservice, and the history of what they did.
#[derive(Debug)]
pub struct Clients {
    client: Rc<HdfsClient>,
    root: PathBuf,
}

impl Clients {
    /// Where all their paths are.
    pub const FOLDER: &str = "/chaos";
    /// Whom they ask.
    pub const URI: &str = "hdfs://nsd1907";

    /// Starts them; the history goes to `root/history`.
    pub fn start(client: Rc<HdfsClient>, root: &Path) -> Result<Self> {
        let clients = Self { client, root: root.to_owned() };
        let history = clients.file("history");
        clients.client.call(&["history-start", ID, Self::URI, Self::FOLDER, &history, CLIENTS])?;
        Ok(clients)
    }

    /// Waits until that many more operations were acknowledged.
    pub fn await_more(&self, more: u64) -> Result<()> {
        let goal = self.acknowledged()? + more;
        wait_until(&format!("{goal} acknowledged operations"), PROGRESS_LIMIT, || {
            Ok((self.acknowledged()? >= goal).then_some(()))
        })
    }

    /// How many operations were acknowledged so far.
    pub fn acknowledged(&self) -> Result<u64> {
        Ok(self.client.call(&["history-acknowledged", ID])?.parse()?)
    }

    /// Lets each finish its operation.
    pub fn stop(&self) -> Result<()> {
        self.client.call(&["history-stop", ID]).map(drop)
    }

    /// What they did so far.
    pub fn history(&self) -> Result<Vec<Operation>> {
        Operation::history(&fs::read_to_string(self.file("history"))?)
    }

    /// The names that the file system has now.
    pub fn held(&self) -> Result<HashSet<String>> {
        let file = self.file("held");
        self.client.call(&["list", Self::URI, Self::FOLDER, &file])?;
        Ok(fs::read_to_string(file)?.lines().map(str::to_owned).collect())
    }

    fn file(&self, name: &str) -> String {
        self.root.join(name).display().to_string()
    }
}
