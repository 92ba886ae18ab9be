use super::FormatRequest;
use crate::lock::zookeeper::{Administration, AncestorAcls};
use crate::lock::{LockError, LockOwner};

/// What became of `-formatZK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatOutcome {
    /// ZooKeeper is prepared.
    Formatted,
    /// It was prepared before, and nobody said that this may be undone.
    Denied,
    /// A controller is at work, and `-force` was not given twice.
    Locked(LockOwner),
}

impl FormatOutcome {
    /// The status the process ends with, as Java's does.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Formatted => 0,
            Self::Denied | Self::Locked(_) => 2,
        }
    }
}

/// Prepares ZooKeeper for the nameservice (`ZKFailoverController.formatZK`).
///
/// Every controller whose lock is taken away like this ends, so that is refused unless it is
/// asked for twice. `proceed` is asked whether what is there may go.
pub async fn format(
    administration: &Administration,
    request: FormatRequest,
    ancestors: AncestorAcls,
    proceed: impl FnOnce() -> bool,
) -> Result<FormatOutcome, LockError> {
    if administration.session().parent_exists().await? {
        let owner = administration.lock_owner().await?;
        match owner {
            Some(owner) if request.force < 2 => return Ok(FormatOutcome::Locked(owner)),
            _ => {}
        }
        if request.force == 0 && (request.non_interactive || !proceed()) {
            return Ok(FormatOutcome::Denied);
        }
        administration.clear().await?;
    }
    administration.create(ancestors).await?;
    Ok(FormatOutcome::Formatted)
}
