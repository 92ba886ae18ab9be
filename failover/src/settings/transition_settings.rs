use std::time::Duration;

/// How long the calls that change the state of a NameNode may take (`FailoverController`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransitionSettings {
    /// Longest wait for a NameNode to become active.
    pub new_active_timeout: Duration,
    /// Longest wait for a NameNode to become standby; twice this is the time that a controller
    /// stays out of the election after it ceded.
    pub graceful_fence_timeout: Duration,
    /// Connects to an old active after the first one that timed out.
    pub graceful_fence_retries: u32,
    /// Longest wait for the connection to an old active.
    pub graceful_connect_timeout: Duration,
    /// Longest wait for any other connection.
    pub connect_timeout: Duration,
    /// Connects after the first one that timed out, where Java sets no other number.
    pub connect_retries_on_timeouts: u32,
    /// Pause between two connects.
    pub connect_retry_pause: Duration,
}
