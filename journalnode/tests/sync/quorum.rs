use std::time::{Duration, Instant};

use super::member::{J, Member, PORT};

const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(10);

/// Three daemons that know of each other and look at each other often.
pub struct Quorum {
    pub nodes: [Member; 3],
}

impl Quorum {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With these settings besides, on every node.
    pub async fn start_with(settings: &[&str]) -> Self {
        let mut nodes = [(); 3].map(|()| Member::new());
        let hosts = nodes.each_ref().map(|node| format!("{}:{PORT}", node.host));
        let mut all = vec![
            format!("dfs.namenode.shared.edits.dir=qjournal://{}/{J}", hosts.join(";")),
            "dfs.journalnode.sync.interval=20".to_owned(),
            "dfs.journalnode.sync.format.wait=0".to_owned(),
        ];
        all.extend(settings.iter().map(|setting| (*setting).to_owned()));
        for node in &mut nodes {
            node.configure(all.clone());
            node.start().await;
        }
        Self { nodes }
    }

    /// All formatted, then epoch 1 promised by all: as a NameNode does it, which formats every
    /// node before it writes.
    pub async fn formatted_with(settings: &[&str]) -> Self {
        let quorum = Self::start_with(settings).await;
        for node in &quorum.nodes {
            node.format().await;
        }
        for node in &quorum.nodes {
            node.new_epoch(1).await.unwrap();
        }
        quorum
    }
}

/// Waits until something is so.
pub async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !so().await {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(POLL).await;
    }
}

/// Time for some rounds, in which something must not happen.
pub async fn some_rounds() {
    tokio::time::sleep(Duration::from_millis(300)).await;
}
