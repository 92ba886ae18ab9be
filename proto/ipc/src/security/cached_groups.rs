use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::conf::{ConfError, Configuration, trimmed_strings};

use super::expiring_cache::ExpiringCache;
use super::group_mapping::GroupMapping;

/// Users whose groups are remembered at a time.
const MAX_CACHED_USERS: usize = 10_000;

/// Another mapping with a memory, and with the fixed answers of
/// `hadoop.user.group.static.mapping.overrides` before it. Java: `Groups`.
#[derive(Debug)]
pub struct CachedGroups {
    source: Arc<dyn GroupMapping>,
    fixed: BTreeMap<String, Vec<String>>,
    cache: ExpiringCache<String, Vec<String>>,
    good_for: Duration,
    /// How long "no groups" is believed.
    empty_good_for: Duration,
}

impl CachedGroups {
    /// Reads `hadoop.security.groups.cache.secs`, `.negative-cache.secs` and the fixed answers.
    pub fn from_configuration(
        conf: &Configuration,
        source: Arc<dyn GroupMapping>,
    ) -> Result<CachedGroups, ConfError> {
        let seconds = |key, default| {
            let value = conf.long_or(key, default)?;
            Ok::<_, ConfError>(Duration::from_secs(u64::try_from(value).unwrap_or(0)))
        };
        let fixed = conf.string("hadoop.user.group.static.mapping.overrides")?;
        Ok(CachedGroups {
            source,
            fixed: parse_fixed(fixed.as_deref().unwrap_or("dr.who=;")),
            cache: ExpiringCache::new(MAX_CACHED_USERS),
            good_for: seconds("hadoop.security.groups.cache.secs", 300)?,
            empty_good_for: seconds("hadoop.security.groups.negative-cache.secs", 30)?,
        })
    }
}

impl GroupMapping for CachedGroups {
    fn groups(&self, user: &str) -> Vec<String> {
        if let Some(groups) = self.fixed.get(user) {
            return groups.clone();
        }
        self.cache.find_or_ask(&user.to_owned(), Instant::now(), || {
            let groups = self.source.groups(user);
            let good_for = if groups.is_empty() { self.empty_good_for } else { self.good_for };
            (groups, good_for)
        })
    }
}

/// `user1=group1,group2;user2=;`
fn parse_fixed(text: &str) -> BTreeMap<String, Vec<String>> {
    let entries = text.split(';').map(str::trim).filter(|entry| !entry.is_empty());
    let pairs = entries.map(|entry| entry.split_once('=').unwrap_or((entry, "")));
    pairs.map(|(user, groups)| (user.trim().to_owned(), trimmed_strings(groups))).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use crate::conf::Environment;

    use super::*;

    #[derive(Debug, Default)]
    struct Counting(AtomicUsize);

    impl GroupMapping for Counting {
        fn groups(&self, user: &str) -> Vec<String> {
            self.0.fetch_add(1, Ordering::Relaxed);
            vec![format!("g-{user}")]
        }
    }

    #[test]
    fn the_system_is_asked_once_and_never_for_fixed_users() {
        let mut conf = Configuration::empty(Environment::empty());
        conf.set("hadoop.user.group.static.mapping.overrides", "dr.who=;al = x, y ;", "test");
        let source = Arc::new(Counting::default());
        let groups = CachedGroups::from_configuration(&conf, source.clone()).unwrap();
        assert_eq!(groups.groups("bob"), ["g-bob"]);
        assert_eq!(groups.groups("bob"), ["g-bob"]);
        assert_eq!(groups.groups("al"), ["x", "y"]);
        assert!(groups.groups("dr.who").is_empty());
        assert_eq!(source.0.load(Ordering::Relaxed), 1);
    }
}
