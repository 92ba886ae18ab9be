use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use super::{DetailedRate, Rate};

/// Names never seen before are dropped beyond this many: handlers choose them, not clients, so
/// reaching it means a bug.
const MAX_NAMES: usize = 512;

/// Rates by method name or exception class.
#[derive(Debug, Default)]
pub struct RateMap {
    rates: RwLock<BTreeMap<String, Arc<Pair>>>,
}

#[derive(Debug, Default)]
struct Pair {
    processing: Rate,
    overall: Rate,
}

impl RateMap {
    /// Counts one call under `name`: its handler's time, and the time from arrival to reply.
    pub fn add(&self, name: &str, processing: Duration, overall: Duration) {
        if let Some(pair) = self.pair(name) {
            pair.processing.add(processing);
            pair.overall.add(overall);
        }
    }

    /// The values now, by name.
    pub fn snapshot(&self) -> BTreeMap<String, DetailedRate> {
        let rates = self.rates.read().unwrap_or_else(PoisonError::into_inner);
        let values = |pair: &Pair| DetailedRate {
            processing: pair.processing.snapshot(),
            overall: pair.overall.snapshot(),
        };
        rates.iter().map(|(name, pair)| (name.clone(), values(pair))).collect()
    }

    fn pair(&self, name: &str) -> Option<Arc<Pair>> {
        let known = self.rates.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if known.is_some() {
            return known;
        }
        let mut rates = self.rates.write().unwrap_or_else(PoisonError::into_inner);
        if rates.len() >= MAX_NAMES && !rates.contains_key(name) {
            return None;
        }
        Some(rates.entry(name.to_owned()).or_default().clone())
    }
}
