use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Time between two looks at a condition.
const POLL_INTERVAL: Duration = Duration::from_millis(40);

/// Polls `look` until it answers `Some`, for at most `limit`.
///
/// An `Err` of `look` means "not yet" and is shown if time runs out: a daemon that is starting refuses
/// connections, and that is no reason to give up.
pub fn wait_until<T>(
    what: &str,
    limit: Duration,
    mut look: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let deadline = Instant::now() + limit;
    loop {
        let last = match look() {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if Instant::now() >= deadline {
            match last {
                Some(error) => return Err(error.context(format!("{what}: not within {limit:?}"))),
                None => bail!("{what}: not within {limit:?}"),
            }
        }
        std::thread::sleep(POLL_INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_means_not_yet() {
        let mut looks = 0;
        let seen = wait_until("third look", Duration::from_secs(5), || {
            looks += 1;
            if looks < 3 { bail!("refused") } else { Ok(Some(looks)) }
        });
        assert_eq!(seen.unwrap(), 3);
    }

    #[test]
    fn the_last_error_is_in_the_message() {
        let result: Result<()> = wait_until("port", Duration::ZERO, || bail!("refused"));
        assert!(format!("{:#}", result.unwrap_err()).contains("refused"));
    }
}
