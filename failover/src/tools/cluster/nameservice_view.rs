use super::{ElectionView, Members, NameNodeView};

/// A nameservice, as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameserviceView {
    /// Its name.
    pub name: String,
    /// In the order of the configuration.
    pub namenodes: Vec<NameNodeView>,
    /// What ZooKeeper holds, else why nobody knows.
    pub election: Result<ElectionView, String>,
    /// The servers of ZooKeeper.
    pub members: Members,
}

impl NameserviceView {
    /// An old active that is still to be fenced while nobody is active. Where no NameNode can be
    /// asked at all, nobody knows.
    pub fn to_be_fenced(&self) -> Option<String> {
        let election = self.election.as_ref().ok()?;
        let breadcrumb = election.breadcrumb.as_ref()?;
        let holder = election.lock.as_ref().and_then(|lock| lock.node.as_ref().ok());
        let is_own = matches!((&breadcrumb.node, holder), (Ok(old), Some(new)) if old.id == new.id);
        let someone_answers = self.namenodes.iter().any(|namenode| namenode.status.is_ok());
        let nobody = someone_answers && !self.namenodes.iter().any(NameNodeView::is_active);
        (nobody && !is_own).then(|| breadcrumb.text())
    }

    /// All that is not as it should be.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        match &self.election {
            Err(why) => problems.push(why.clone()),
            Ok(election) => self.election_problems(election, &mut problems),
        }
        for namenode in &self.namenodes {
            let id = &namenode.id.namenode;
            match (&namenode.status, &namenode.health) {
                (Err(why), _) => problems.push(format!("{id}: {why}")),
                (Ok(_), Err(why)) => problems.push(format!("{id} is not well: {why}")),
                (Ok(status), Ok(())) => {
                    let reason = status.not_ready_reason.as_ref();
                    problems.extend(reason.map(|why| format!("{id} cannot become active: {why}")));
                }
            }
            if let Err(why) = &namenode.controller {
                problems.push(format!("the controller of {id}: {why}"));
            }
        }
        let bad = self.members.seen.iter().filter_map(|member| {
            let fault = member.role.as_ref().err()?;
            Some(format!("ZooKeeper {}: {fault}", member.address))
        });
        problems.extend(bad);
        problems
    }

    fn election_problems(&self, election: &ElectionView, problems: &mut Vec<String>) {
        if !election.is_formatted {
            let parent = &election.paths.parent;
            problems.push(format!("{parent} is not in ZooKeeper: run `zkfc-rs -formatZK` once"));
            return;
        }
        if let Some(paused) = &election.paused {
            problems.push(format!(
                "automatic failover is paused by {}{}; `zkfc-rs resume` ends that",
                paused.by,
                because(&paused.why)
            ));
        }
        if let Some(old) = self.to_be_fenced() {
            problems.push(format!(
                "nobody is active: {old} has to be fenced first; see `zkfc-rs check-fence`, or \
                 `zkfc-rs confirm-fenced` if it is certainly off"
            ));
        } else if election.lock.is_none() {
            problems.push("nobody holds the lock: are the controllers running?".to_owned());
        }
        self.actives(election, problems);
    }

    fn actives(&self, election: &ElectionView, problems: &mut Vec<String>) {
        let active: Vec<_> =
            self.namenodes.iter().filter(|namenode| namenode.is_active()).collect();
        if active.len() > 1 {
            let ids: Vec<_> = active.iter().map(|namenode| namenode.id.namenode.as_str()).collect();
            problems.push(format!("{} all say they are active", ids.join(" and ")));
        }
        let holder = election.lock.as_ref().and_then(|lock| lock.node.as_ref().ok());
        if let (Some(holder), [active]) = (holder, active.as_slice())
            && holder.id != active.id
        {
            problems.push(format!("{} is active, and {} has the lock", active.id, holder.id));
        }
        let all_told = self.namenodes.iter().all(|namenode| namenode.status.is_ok());
        if let (Some(holder), true, true) = (holder, active.is_empty(), all_told)
            && self.to_be_fenced().is_none()
        {
            problems.push(format!("{} has the lock and is not active", holder.id));
        }
    }
}

fn because(why: &str) -> String {
    if why.is_empty() { String::new() } else { format!(" ({why})") }
}
