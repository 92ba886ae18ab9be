use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Answers kept for a while. At most `limit` of them: when it is full, what has expired goes,
/// and if that is not enough, everything does.
pub(super) struct ExpiringCache<K, V> {
    entries: Mutex<BTreeMap<K, (Instant, V)>>,
    limit: usize,
}

impl<K: Ord + Clone, V: Clone> ExpiringCache<K, V> {
    pub(super) fn new(limit: usize) -> ExpiringCache<K, V> {
        ExpiringCache { entries: Mutex::new(BTreeMap::new()), limit }
    }

    /// The kept answer if it is still good at `now`, else the one `ask` finds and how long it is
    /// good for. No lock is held while asking, so two callers may ask the same.
    pub(super) fn find_or_ask(
        &self,
        key: &K,
        now: Instant,
        ask: impl FnOnce() -> (V, Duration),
    ) -> V {
        if let Some(value) = self.kept(key, now) {
            return value;
        }
        let (value, good_for) = ask();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.limit {
            entries.retain(|_, (until, _)| *until > now);
        }
        if entries.len() >= self.limit {
            entries.clear();
        }
        entries.insert(key.clone(), (now + good_for, value.clone()));
        value
    }

    fn kept(&self, key: &K, now: Instant) -> Option<V> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get(key).filter(|(until, _)| *until > now).map(|(_, value)| value.clone())
    }
}

impl<K, V> fmt::Debug for ExpiringCache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExpiringCache").field("limit", &self.limit).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_until_it_expires() {
        let cache = ExpiringCache::new(8);
        let start = Instant::now();
        let ask = |at: u64, answer: i32| {
            let now = start + Duration::from_secs(at);
            cache.find_or_ask(&"k", now, || (answer, Duration::from_secs(10)))
        };
        assert_eq!(ask(0, 1), 1);
        assert_eq!(ask(9, 2), 1);
        assert_eq!(ask(10, 3), 3);
    }

    #[test]
    fn it_never_holds_more_than_its_limit() {
        let cache = ExpiringCache::new(4);
        for i in 0..100 {
            cache.find_or_ask(&i, Instant::now(), || (i, Duration::from_secs(60)));
            assert!(cache.entries.lock().unwrap().len() <= 4);
        }
    }
}
