use std::sync::LazyLock;

use regex::Regex;

/// What a JournalNode says to who comes from another namespace, as HTML or as text
/// (`GetJournalEditServlet.checkStorageInfoOrSendError`). Hadoop 3.4 has no other way to tell
/// its namespace.
static REFUSAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let quote = "(?:'|&apos;|&#0?39;|&#x27;)";
    let name = "[^'&<>\\s]+";
    Regex::new(&format!("namespaceId {quote}(-?\\d+) and clusterId {quote}({name}){quote}")).ok()
});

/// Namespace and cluster from the page of a refusal.
pub(super) fn namespace_of_refusal(page: &str) -> Option<(i32, String)> {
    let found = REFUSAL.as_ref()?.captures(page)?;
    Some((found.get(1)?.as_str().parse().ok()?, found.get(2)?.as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_tells_namespace_and_cluster() {
        for quote in ["'", "&apos;", "&#39;"] {
            let page = format!(
                "<tr><th>MESSAGE:</th><td>This node has namespaceId {quote}-42 and clusterId \
                 {quote}CID-a-1{quote} but the requesting node expected {quote}0{quote}"
            );
            assert_eq!(namespace_of_refusal(&page), Some((-42, "CID-a-1".to_owned())));
        }
        assert_eq!(namespace_of_refusal("namespaceId '99999999999 and clusterId 'x'"), None);
        assert_eq!(namespace_of_refusal("Not Found"), None);
    }
}
