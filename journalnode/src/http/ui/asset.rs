/// A file of the user interface.
pub(super) struct Asset {
    pub(super) path: &'static str,
    pub(super) content_type: &'static str,
    pub(super) content: &'static str,
}

/// All of them. Paths are those of Java's, so that bookmarks keep working.
pub(super) const ASSETS: [Asset; 5] = [
    Asset {
        path: "/index.html",
        content_type: "text/html",
        content: include_str!("assets/index.html"),
    },
    Asset {
        path: "/journalnode.html",
        content_type: "text/html",
        content: include_str!("assets/journalnode.html"),
    },
    Asset {
        path: "/jn.js",
        content_type: "application/javascript",
        content: include_str!("assets/jn.js"),
    },
    Asset {
        path: "/static/journalnode.css",
        content_type: "text/css",
        content: include_str!("assets/journalnode.css"),
    },
    Asset {
        path: "/robots.txt",
        content_type: "text/plain",
        content: include_str!("assets/robots.txt"),
    },
];

/// The file of this path.
pub(super) fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_refer_to_nothing_that_is_not_here() {
        let links = regex::Regex::new(r#"(?:href|src)="([^"]+)""#).unwrap();
        for asset in &ASSETS {
            assert!(!asset.content.contains("://"), "{} refers to another site", asset.path);
            for link in links.captures_iter(asset.content) {
                let path = &link[1];
                let served =
                    ["/jmx", "/conf", "/logLevel", "/stacks", "/metrics", "/prom", "/ready"];
                assert!(find(path).is_some() || served.contains(&path), "{path}");
            }
        }
    }
}
