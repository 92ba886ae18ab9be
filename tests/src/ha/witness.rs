use std::net::SocketAddrV4;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use crate::hadoop::state_at;

/// Time between two questions to the same NameNode.
const SAMPLE_INTERVAL: Duration = Duration::from_millis(50);

/// Asks every NameNode for its state, all the time, and knows for how long each was active.
///
/// A NameNode counts as active from one answer "active" to the next; a failure, another state or a
/// question that hung in between ends the span. So two spans that overlap are two active
/// NameNodes, however slow this machine is.
#[derive(Debug)]
pub struct Witness {
    stop: Arc<AtomicBool>,
    samplers: Vec<JoinHandle<()>>,
    spans: Arc<Mutex<Vec<Span>>>,
    origin: Instant,
}

/// A time for which a NameNode was active for certain.
#[derive(Debug, Clone, Copy)]
struct Span {
    namenode: usize,
    from: Instant,
    to: Instant,
}

impl Witness {
    /// Watches the NameNodes that serve HTTP there.
    pub fn start(namenodes: Vec<SocketAddrV4>) -> Self {
        let (stop, spans) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let mut samplers = Vec::new();
        for (namenode, http) in namenodes.into_iter().enumerate() {
            let (stop, spans) = (stop.clone(), Arc::clone(&spans));
            samplers.push(thread::spawn(move || sample(namenode, http, &stop, &spans)));
        }
        Self { stop, samplers, spans, origin: Instant::now() }
    }

    /// Stops asking. Fails if two NameNodes were active at the same time, or none ever was.
    pub fn conclude(&mut self) -> Result<()> {
        self.stop.store(true, Ordering::Relaxed);
        for sampler in self.samplers.drain(..) {
            ensure!(sampler.join().is_ok(), "the witness lost its voice");
        }
        let spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        ensure!(!spans.is_empty(), "no NameNode was ever seen active");
        if let Some((one, other)) = two_at_once(&spans) {
            let at = |time: Instant| time.duration_since(self.origin);
            bail!(
                "two active NameNodes: nn{} from {:?} to {:?}, nn{} from {:?} to {:?}",
                one.namenode + 1,
                at(one.from),
                at(one.to),
                other.namenode + 1,
                at(other.from),
                at(other.to),
            );
        }
        Ok(())
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn two_at_once(spans: &[Span]) -> Option<(Span, Span)> {
    let pairs = spans.iter().enumerate();
    let mut pairs =
        pairs.flat_map(|(index, one)| spans[index + 1..].iter().map(move |b| (*one, *b)));
    pairs.find(|(one, other)| {
        one.namenode != other.namenode && one.from.max(other.from) < one.to.min(other.to)
    })
}

fn sample(namenode: usize, http: SocketAddrV4, stop: &AtomicBool, spans: &Mutex<Vec<Span>>) {
    let mut open: Option<Span> = None;
    while !stop.load(Ordering::Relaxed) {
        let asked = Instant::now();
        let is_active = state_at(http).is_ok_and(|state| state == "active");
        open = match open.take() {
            Some(span) if is_active => Some(Span { to: asked, ..span }),
            None if is_active => Some(Span { namenode, from: Instant::now(), to: asked }),
            ended => {
                spans.lock().unwrap_or_else(PoisonError::into_inner).extend(ended);
                None
            }
        };
        thread::sleep(SAMPLE_INTERVAL);
    }
    spans.lock().unwrap_or_else(PoisonError::into_inner).extend(open);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(namenode: usize, from_ms: u64, to_ms: u64) -> Span {
        static ORIGIN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        let origin = *ORIGIN.get_or_init(Instant::now);
        let at = |ms| origin + Duration::from_millis(ms);
        Span { namenode, from: at(from_ms), to: at(to_ms) }
    }

    #[test]
    fn one_after_the_other_is_no_overlap_and_one_within_the_other_is() {
        let turns = [span(0, 0, 10), span(1, 10, 20), span(0, 21, 30)];
        assert!(two_at_once(&turns).is_none());
        assert!(two_at_once(&[span(0, 0, 10), span(0, 5, 15)]).is_none());
        assert!(two_at_once(&[span(0, 0, 10), span(1, 9, 20)]).is_some());
        assert!(two_at_once(&[span(1, 4, 5), span(0, 0, 10)]).is_some());
    }

    #[test]
    fn a_single_answer_is_no_span() {
        assert!(two_at_once(&[span(0, 5, 4), span(1, 0, 10)]).is_none());
    }
}
