use journalnode::quorum::QuorumAdmin;

use super::quorum::{journal, namespace, options, targets};

/// Formats the journal on every node.
pub(crate) async fn format() -> turmoil::Result {
    let admin = QuorumAdmin::new(&journal()?, &targets(), &namespace(), options());
    Ok(admin.format_all(false).await?)
}
