use hadoop_ipc::client::HowClosed;

/// What the controller saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Both calls were answered well.
    Passed,
    /// It answers that it is not well.
    Unhealthy(String),
    /// The look failed.
    Failed(Failure, String),
    /// The connection ended between two looks.
    Disconnected(HowClosed, String),
    /// A bare connect to the address that the broken connection led to.
    Probed(Probe),
}

/// How a look failed, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The connect was refused.
    Refused,
    /// The connection broke under the call.
    Broken(HowClosed),
    /// Anything else: it proves nothing, and there is no answer.
    Other,
}

/// What became of a bare connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Probe {
    Refused,
    Accepted,
    /// It did not end in time, or failed in another way.
    Unclear,
}
