use std::time::{Duration, Instant};

use super::Knock;

/// How long a host has been silent, as far as looks at it prove that.
#[derive(Clone, Debug, Default)]
pub(crate) struct Silence {
    since: Option<Instant>,
    looked: Option<Instant>,
    broken: Option<String>,
}

impl Silence {
    /// Looks that begin further apart prove nothing of the time between them: this process may
    /// have stood still.
    const MAX_GAP: Duration = Duration::from_secs(10);

    /// What a look that began at `begun` has shown.
    pub(super) fn note(&mut self, begun: Instant, knock: Knock) {
        let gap = self.looked.map(|looked| begun.saturating_duration_since(looked));
        if let Some(gap) = gap.filter(|gap| *gap > Self::MAX_GAP) {
            self.break_off(format!("nobody looked for {} s", gap.as_secs()));
        }
        self.looked = Some(begun);
        match knock {
            Knock::Silent => {
                self.since.get_or_insert(begun);
            }
            Knock::Answered(why) | Knock::Unclear(why) => self.break_off(why),
        }
    }

    /// When the latest look began.
    pub(super) fn looked(&self) -> Option<Instant> {
        self.looked
    }

    /// How long it has been silent, up to the latest look.
    pub(crate) fn lasted(&self) -> Duration {
        let lasted = self.since.zip(self.looked);
        lasted.map_or(Duration::ZERO, |(since, looked)| looked.saturating_duration_since(since))
    }

    /// What ended the silence before.
    pub(crate) fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    fn break_off(&mut self, why: String) {
        self.since = None;
        self.broken = Some(why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(looks: &[(u64, Knock)]) -> Silence {
        let start = Instant::now();
        let mut silence = Silence::default();
        for (at, knock) in looks {
            silence.note(start + Duration::from_secs(*at), knock.clone());
        }
        silence
    }

    fn refused() -> Knock {
        Knock::Answered("refused".to_owned())
    }

    #[test]
    fn silence_lasts_from_the_first_look_to_the_latest() {
        use Knock::Silent;
        assert_eq!(after(&[]).lasted(), Duration::ZERO);
        assert_eq!(after(&[(5, Silent)]).lasted(), Duration::ZERO);
        let looks = [(5, Silent), (9, Silent), (13, Silent)];
        assert_eq!(after(&looks).lasted(), Duration::from_secs(8));
        assert_eq!(after(&looks).broken(), None);
    }

    #[test]
    fn one_answer_starts_the_clock_anew() {
        use Knock::Silent;
        let looks = [(0, Silent), (4, refused()), (8, Silent), (12, Silent)];
        assert_eq!(after(&looks).lasted(), Duration::from_secs(4));
        assert_eq!(after(&looks).broken(), Some("refused"));
        assert_eq!(after(&looks[..2]).lasted(), Duration::ZERO);
    }

    #[test]
    fn what_is_unclear_starts_the_clock_anew() {
        let unclear = Knock::Unclear("no name".to_owned());
        let looks = [(0, Knock::Silent), (4, unclear), (8, Knock::Silent)];
        assert_eq!(after(&looks).lasted(), Duration::ZERO);
    }

    #[test]
    fn a_time_without_looks_proves_nothing() {
        let looks = [(0, Knock::Silent), (60, Knock::Silent), (64, Knock::Silent)];
        assert_eq!(after(&looks).lasted(), Duration::from_secs(4));
        assert!(after(&looks).broken().unwrap().contains("60 s"));
    }
}
