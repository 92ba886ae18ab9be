use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hadoop_ipc::conf::HostPort;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;
use tracing::info;

use super::{Knock, Silence, knock_at_all};

/// How long a connect may take before it counts as silence. A SYN is sent again after one second
/// and after three.
const CONNECT_PATIENCE: Duration = Duration::from_millis(3500);
/// Between two looks.
const PAUSE: Duration = Duration::from_secs(1);
/// A watch that nobody has asked for so long ends: another node has got on.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(600);

/// Looks at one host again and again, also between two attempts to fence, until dropped.
#[derive(Debug)]
pub(crate) struct HostWatch {
    doors: Vec<HostPort>,
    asked: Arc<Mutex<Instant>>,
    silence: watch::Receiver<Silence>,
    _looking: AbortOnDropHandle<()>,
}

impl HostWatch {
    /// Begins to look.
    pub(crate) fn start(doors: Vec<HostPort>) -> Self {
        let (told, silence) = watch::channel(Silence::default());
        let asked = Arc::new(Mutex::new(Instant::now()));
        let looking = tokio::spawn(look(doors.clone(), Arc::clone(&asked), told));
        Self { doors, asked, silence, _looking: AbortOnDropHandle::new(looking) }
    }

    /// Whether it still looks, and at exactly these.
    pub(crate) fn looks_at(&self, doors: &[HostPort]) -> bool {
        self.doors == doors && self.silence.has_changed().is_ok()
    }

    /// Asked for again.
    pub(crate) fn renew(&self) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// The silence up to a look that begins after this call.
    pub(crate) async fn latest(&self) -> Silence {
        let now = Instant::now();
        let mut silence = self.silence.clone();
        let latest = silence.wait_for(|silence| silence.looked().is_some_and(|at| at >= now)).await;
        // A watch that has ended has seen nothing.
        latest.map(|silence| silence.clone()).unwrap_or_default()
    }
}

async fn look(doors: Vec<HostPort>, asked: Arc<Mutex<Instant>>, told: watch::Sender<Silence>) {
    let mut is_silent = false;
    while asked.lock().unwrap_or_else(PoisonError::into_inner).elapsed() < FORGOTTEN_AFTER {
        let begun = Instant::now();
        let knock = knock_at_all(&doors, CONNECT_PATIENCE).await;
        if is_silent != (knock == Knock::Silent) {
            is_silent = !is_silent;
            log(&doors, &knock);
        }
        told.send_modify(|silence| silence.note(begun, knock));
        sleep(PAUSE).await;
    }
}

fn log(doors: &[HostPort], knock: &Knock) {
    let host = doors.first().map_or("no host", |door| door.host.as_str());
    match knock {
        Knock::Silent => info!("{host} answers on none of its {} ports", doors.len()),
        Knock::Answered(why) | Knock::Unclear(why) => {
            info!("{host} is not silent any more: {why}");
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// Connects to a multicast address never leave this host.
    fn nowhere() -> HostPort {
        HostPort { host: "224.0.0.1".to_owned(), port: 8020 }
    }

    #[tokio::test]
    async fn each_look_is_a_new_one_and_an_answer_voids_those_before() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let watch = HostWatch::start(vec![nowhere()]);
        watch.latest().await;
        let silence = watch.latest().await;
        assert!(silence.lasted() >= PAUSE && silence.broken().is_none(), "{silence:?}");
        assert!(watch.looks_at(&[nowhere()]));
        let answering = HostPort { host: "127.0.0.1".to_owned(), port };
        assert!(!watch.looks_at(std::slice::from_ref(&answering)));
        let watch = HostWatch::start(vec![nowhere(), answering]);
        let silence = watch.latest().await;
        assert_eq!(silence.lasted(), Duration::ZERO);
        assert!(silence.broken().unwrap().contains("takes connections"), "{silence:?}");
    }
}
