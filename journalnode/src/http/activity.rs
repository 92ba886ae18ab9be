use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What the HTTP server counts, for the `HttpServer2-<port>` bean.
#[derive(Debug)]
pub(super) struct Activity {
    started: Instant,
    figures: Mutex<Figures>,
}

/// The figures at one moment. Times are in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Figures {
    pub(super) requests: u64,
    pub(super) active: u64,
    pub(super) active_max: u64,
    pub(super) time_max: u64,
    pub(super) time_total: u64,
    pub(super) answered: u64,
    /// By the first digit of the status, from 1.
    pub(super) responses: [u64; 5],
    pub(super) response_bytes: u64,
    mean: f64,
    squares: f64,
}

/// A request being answered. Dropping it without an answer means that the client went away.
#[derive(Debug)]
pub(super) struct Ongoing {
    activity: Arc<Activity>,
    since: Instant,
    answer: Option<(u16, u64)>,
}

impl Default for Activity {
    fn default() -> Self {
        Self { started: Instant::now(), figures: Mutex::default() }
    }
}

impl Activity {
    /// Counts a request until what this returns is dropped.
    pub(super) fn begin(activity: &Arc<Self>) -> Ongoing {
        activity.update(Figures::begin);
        Ongoing { activity: Arc::clone(activity), since: Instant::now(), answer: None }
    }

    pub(super) fn figures(&self) -> Figures {
        *self.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long it has been counting.
    pub(super) fn age(&self) -> Duration {
        self.started.elapsed()
    }

    fn update(&self, change: impl FnOnce(&mut Figures)) {
        change(&mut self.figures.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Ongoing {
    /// Notes the answer: its status, and its length in bytes.
    pub(super) fn answered(mut self, status: u16, bytes: u64) {
        self.answer = Some((status, bytes));
    }
}

impl Drop for Ongoing {
    fn drop(&mut self) {
        let (took, answer) = (self.since.elapsed(), self.answer);
        self.activity.update(|figures| figures.end(took, answer));
    }
}

impl Figures {
    fn begin(&mut self) {
        self.requests += 1;
        self.active += 1;
        self.active_max = self.active_max.max(self.active);
    }

    /// Mean and deviation are kept as Welford's algorithm does.
    fn end(&mut self, took: Duration, answer: Option<(u16, u64)>) {
        self.active -= 1;
        let millis = took.as_millis() as u64;
        self.time_max = self.time_max.max(millis);
        self.time_total += millis;
        self.answered += 1;
        let off = millis as f64 - self.mean;
        self.mean += off / self.answered as f64;
        self.squares += off * (millis as f64 - self.mean);
        let Some((status, bytes)) = answer else { return };
        self.response_bytes += bytes;
        let class = usize::from(status / 100).wrapping_sub(1);
        if let Some(count) = self.responses.get_mut(class) {
            *count += 1;
        }
    }

    pub(super) fn time_mean(&self) -> f64 {
        self.mean
    }

    pub(super) fn time_deviation(&self) -> f64 {
        if self.answered < 2 { 0.0 } else { (self.squares / (self.answered - 1) as f64).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_summed_up() {
        let mut figures = Figures::default();
        for millis in [2, 4, 9] {
            figures.begin();
            figures.end(Duration::from_millis(millis), Some((200, 10)));
        }
        assert_eq!((figures.time_mean(), figures.time_max, figures.time_total), (5.0, 9, 15));
        assert!((figures.time_deviation() - 13.0_f64.sqrt()).abs() < 1e-9);
        assert_eq!((figures.responses, figures.response_bytes), ([0, 3, 0, 0, 0], 30));
    }

    #[test]
    fn a_client_that_leaves_is_not_active_any_more() {
        let activity = Arc::new(Activity::default());
        drop(Activity::begin(&activity));
        Activity::begin(&activity).answered(404, 1);
        let figures = activity.figures();
        assert_eq!((figures.requests, figures.active, figures.active_max), (2, 0, 1));
        assert_eq!(figures.responses, [0, 0, 0, 1, 0]);
    }
}
