use hadoop_ipc::conf::Configuration;
use hadoop_ipc::security::{AccessControlList, GroupMapping};

use super::query::Query;

/// What a user without the right gets to read.
pub(super) const REFUSAL: &str = "Unauthenticated users are not authorized to access this page.";

/// Who a browser is while nobody logs in (`StaticUserWebFilter`).
const STATIC_USER: &str = "hadoop.http.staticuser.user";

/// Whether only administrators may see this page (`HttpServer2.hasAdministratorAccess`).
///
/// Without Kerberos a request says itself who sends it, in `user.name`, as with Java's pseudo
/// authentication. May block, while the system looks up the user's groups.
pub(super) fn is_refused(
    conf: &Configuration,
    groups: &dyn GroupMapping,
    query: Option<&str>,
) -> bool {
    let query = Query::parse(query);
    let static_user = conf.trimmed(STATIC_USER).ok().flatten().unwrap_or_default();
    let user = query.trimmed("user.name").unwrap_or(&static_user);
    let administrators = conf.string("dfs.cluster.administrators").ok().flatten();
    let list = AccessControlList::parse(administrators.as_deref().unwrap_or_default());
    !list.admits(user, groups)
}

/// Whether only administrators may see the page of this path.
pub(super) fn is_guarded(conf: &Configuration, path: &str) -> bool {
    is_on(conf, "hadoop.security.authorization") && is_administrative(conf, path)
}

fn is_administrative(conf: &Configuration, path: &str) -> bool {
    match path {
        "/logLevel" => true,
        "/jmx" | "/conf" | "/stacks" => {
            is_on(conf, "hadoop.security.instrumentation.requires.admin")
        }
        _ => false,
    }
}

fn is_on(conf: &Configuration, key: &str) -> bool {
    conf.boolean_or(key, false).unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    fn conf(settings: &[(&str, &str)]) -> Configuration {
        let mut conf = Configuration::empty(Environment::empty());
        settings.iter().for_each(|(key, value)| conf.set(key, value, "test"));
        conf
    }

    /// `ann` is in the group `ops`.
    #[derive(Debug)]
    struct Ops;

    impl GroupMapping for Ops {
        fn groups(&self, user: &str) -> Vec<String> {
            if user == "ann" { vec!["ops".to_owned()] } else { Vec::new() }
        }
    }

    const ON: (&str, &str) = ("hadoop.security.authorization", "true");

    #[test]
    fn without_authorization_everybody_sees_everything() {
        assert!(!is_guarded(&conf(&[]), "/logLevel"));
    }

    #[test]
    fn with_authorization_levels_are_for_administrators() {
        let conf = conf(&[ON, ("dfs.cluster.administrators", "hdfs,bob ops"), (STATIC_USER, "x")]);
        assert!(is_guarded(&conf, "/logLevel"));
        assert!(!is_guarded(&conf, "/jmx") && !is_guarded(&conf, "/getJournal"));
        let refused = |query| is_refused(&conf, &Ops, query);
        assert!(refused(None) && refused(Some("user.name=ops")) && refused(Some("user.name=")));
        assert!(!refused(Some("log=x&user.name=bob")), "a user of the list");
        assert!(!refused(Some("user.name=ann")), "a member of a group of the list");
    }

    #[test]
    fn pages_about_the_process_can_be_closed_too() {
        let closed = ("hadoop.security.instrumentation.requires.admin", "true");
        let conf = conf(&[ON, closed]);
        assert!(is_guarded(&conf, "/jmx") && is_guarded(&conf, "/stacks"));
        assert!(is_refused(&conf, &Ops, None), "nobody is an administrator by default");
    }
}
