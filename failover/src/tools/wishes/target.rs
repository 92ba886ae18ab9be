use thiserror::Error;

use crate::tools::cluster::{ElectionView, Named, NameserviceView};
use crate::types::NameNodeId;

/// Why nobody's word is taken that a NameNode is gone.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// It is there.
    #[error(
        "{0} answers, and says that it is active: it is not gone. Stop it first; a word against \
         what it says itself would leave two actives"
    )]
    Active(NameNodeId),
    /// Nothing to vouch for.
    #[error("there is no breadcrumb: nobody has to be fenced")]
    NoBreadcrumb,
    /// The breadcrumb names another one.
    #[error("the breadcrumb is of {0}: only that one has to be fenced")]
    AnotherOne(String),
    /// It holds the lock, so that it is alive.
    #[error("the controller of {0} holds the lock: it is alive, and nobody wants to fence it")]
    HoldsLock(NameNodeId),
    /// ZooKeeper does not say.
    #[error("{0}")]
    Unknown(String),
}

/// The breadcrumb that a word about this NameNode is for.
pub fn check_target<'a>(
    view: &'a NameserviceView,
    namenode: &NameNodeId,
) -> Result<&'a Named, Refusal> {
    let election: &ElectionView =
        view.election.as_ref().map_err(|why| Refusal::Unknown(why.clone()))?;
    let breadcrumb = election.breadcrumb.as_ref().ok_or(Refusal::NoBreadcrumb)?;
    if !breadcrumb.node.as_ref().is_ok_and(|node| node.id == *namenode) {
        return Err(Refusal::AnotherOne(breadcrumb.text()));
    }
    let asked = view.namenodes.iter().find(|found| found.id == *namenode);
    if asked.is_some_and(|namenode| namenode.is_active()) {
        return Err(Refusal::Active(namenode.clone()));
    }
    let holder = election.lock.as_ref().and_then(|lock| lock.node.as_ref().ok());
    match holder {
        Some(holder) if holder.id == *namenode => Err(Refusal::HoldsLock(namenode.clone())),
        _ => Ok(breadcrumb),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::cluster::tests::{healthy, nn1_down};

    #[test]
    fn nobody_vouches_against_what_a_namenode_says() {
        let (nn1, nn2) = (NameNodeId::new("nsd1907", "nn1"), NameNodeId::new("nsd1907", "nn2"));
        assert_eq!(check_target(&healthy(), &nn1), Err(Refusal::Active(nn1.clone())));
        let down = nn1_down();
        assert_eq!(check_target(&down, &nn1).map(|found| found.version), Ok(3));
        let other = check_target(&down, &nn2).unwrap_err();
        assert_eq!(other, Refusal::AnotherOne("nsd1907/nn1 at nn01:8020".to_owned()));
        let mut alive = nn1_down();
        alive.election.as_mut().unwrap().lock = healthy().election.unwrap().lock;
        assert_eq!(check_target(&alive, &nn1), Err(Refusal::HoldsLock(nn1.clone())));
        let mut clean = nn1_down();
        clean.election.as_mut().unwrap().breadcrumb = None;
        assert_eq!(check_target(&clean, &nn1), Err(Refusal::NoBreadcrumb));
    }
}
