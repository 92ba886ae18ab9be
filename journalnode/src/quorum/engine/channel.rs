use std::collections::VecDeque;
use std::time::Duration;

use super::{Answer, Call, NodeFailure, RoundId};
use crate::engine::RequestInfo;
use crate::mutant;
use crate::types::{Epoch, TxId};

/// How often, at most, a node that is out of sync hears of the writer's progress
/// (`IPCLoggerChannel.HEARTBEAT_INTERVAL_MILLIS`).
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(1);

/// How one node stands with the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeStatus {
    /// Whether it gets edits; if not, from the next segment on.
    pub in_sync: bool,
    /// Edits that wait for it or are on their way, in bytes.
    pub queued_bytes: usize,
    /// Calls that wait or are on their way.
    pub queued_calls: usize,
    /// The last transaction that it acknowledged.
    pub acked: Option<TxId>,
}

/// One node as the writer sees it: what waits for it, and whether it is in sync
/// (`IPCLoggerChannel`). One call is on its way at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Channel {
    queue: VecDeque<Queued>,
    in_flight: Option<InFlight>,
    queued_bytes: usize,
    queue_limit_bytes: usize,
    next_serial: i64,
    in_sync: bool,
    heartbeat_at: Option<Duration>,
    http: Option<String>,
    acked: Option<TxId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Queued {
    round: Option<RoundId>,
    call: Call,
}

/// What is on its way: the call itself, or one that goes before it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum InFlight {
    Itself(Queued),
    /// Where it serves segments must be known before it can be chosen as a source.
    AddressOf(Queued),
    /// In place of a call that the node must not get.
    HeartbeatFor(Queued),
}

/// What a channel wants next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Send(Call, Option<RequestInfo>),
    /// A call failed without being sent.
    Failed(Option<RoundId>, NodeFailure),
    Idle,
}

impl Channel {
    pub(super) fn new(queue_limit_bytes: usize) -> Self {
        Self {
            queue: VecDeque::new(),
            in_flight: None,
            queued_bytes: 0,
            queue_limit_bytes,
            next_serial: 0,
            in_sync: true,
            heartbeat_at: None,
            http: None,
            acked: None,
        }
    }

    /// Queues a call. Edits are refused where too many wait already; a single batch of any
    /// size is let through.
    pub(super) fn enqueue(
        &mut self,
        round: Option<RoundId>,
        call: Call,
    ) -> Result<(), NodeFailure> {
        let bytes = call.edits_bytes();
        let queued_bytes = self.queued_bytes;
        if bytes > 0 && queued_bytes > 0 && queued_bytes + bytes > self.queue_limit_bytes {
            return Err(NodeFailure::TooFarBehind { queued_bytes });
        }
        self.queued_bytes += bytes;
        self.queue.push_back(Queued { round, call });
        Ok(())
    }

    /// What to do now. To be asked again until it is idle.
    pub(super) fn next(
        &mut self,
        now: Duration,
        epoch: Option<Epoch>,
        committed: Option<TxId>,
    ) -> Next {
        if self.in_flight.is_some() {
            return Next::Idle;
        }
        let Some(queued) = self.queue.pop_front() else { return Next::Idle };
        let (in_flight, call) = match &queued.call {
            Call::PrepareRecovery(_) if self.http.is_none() => {
                (InFlight::AddressOf(queued), Call::JournalState)
            }
            call if call.needs_sync() && !self.in_sync && !mutant::is("write-on-behind-a-gap") => {
                if !self.is_heartbeat_due(now) {
                    return self.fail(queued, NodeFailure::OutOfSync);
                }
                self.heartbeat_at = Some(now);
                (InFlight::HeartbeatFor(queued), Call::Heartbeat)
            }
            call => {
                let call = call.clone();
                (InFlight::Itself(queued), call)
            }
        };
        self.in_flight = Some(in_flight);
        let info = epoch.filter(|_| call.has_request_info());
        Next::Send(call, info.map(|epoch| self.request_info(epoch, committed)))
    }

    /// Takes the answer to what is on its way. What is returned counts for that round.
    pub(super) fn answered(
        &mut self,
        answer: Result<Answer, NodeFailure>,
    ) -> Option<(RoundId, Result<Answer, NodeFailure>)> {
        if let Ok(Answer::JournalState { http, .. }) = &answer {
            self.http = Some(http.clone());
        }
        match (self.in_flight.take()?, answer) {
            (InFlight::Itself(queued), answer) => self.completed(queued, answer),
            (InFlight::AddressOf(queued), Ok(_)) => {
                self.queue.push_front(queued);
                None
            }
            (InFlight::HeartbeatFor(queued), Ok(_)) => {
                self.completed(queued, Err(NodeFailure::OutOfSync))
            }
            (InFlight::AddressOf(queued) | InFlight::HeartbeatFor(queued), Err(failure)) => {
                self.completed(queued, Err(failure))
            }
        }
    }

    /// Where the node serves segments.
    pub(super) fn http(&self) -> Option<&str> {
        self.http.as_deref()
    }

    pub(super) fn status(&self) -> NodeStatus {
        NodeStatus {
            in_sync: self.in_sync,
            queued_bytes: self.queued_bytes,
            queued_calls: self.queue.len() + usize::from(self.in_flight.is_some()),
            acked: self.acked,
        }
    }

    /// The serial number is used up even if the call fails: the node may have seen it.
    fn request_info(&mut self, epoch: Epoch, committed_txid: Option<TxId>) -> RequestInfo {
        let ipc_serial = self.next_serial;
        self.next_serial += 1;
        RequestInfo { epoch, ipc_serial, committed_txid }
    }

    fn is_heartbeat_due(&self, now: Duration) -> bool {
        self.heartbeat_at.is_none_or(|last| now.saturating_sub(last) > HEARTBEAT_INTERVAL)
    }

    fn fail(&mut self, queued: Queued, failure: NodeFailure) -> Next {
        self.queued_bytes -= queued.call.edits_bytes();
        Next::Failed(queued.round, failure)
    }

    fn completed(
        &mut self,
        queued: Queued,
        answer: Result<Answer, NodeFailure>,
    ) -> Option<(RoundId, Result<Answer, NodeFailure>)> {
        self.queued_bytes -= queued.call.edits_bytes();
        match (&queued.call, &answer) {
            (Call::Journal(batch), Ok(_)) => self.acked = batch.last(),
            (Call::Journal(_), Err(_)) => self.in_sync = false,
            (Call::StartSegment(_), Ok(_)) => self.in_sync = true,
            _ => {}
        }
        queued.round.map(|round| (round, answer))
    }
}

impl super::Batch {
    /// The last transaction; `None` of an empty batch.
    fn last(&self) -> Option<TxId> {
        (self.count > 0).then(|| TxId(self.first.0.saturating_add(i64::from(self.count) - 1)))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::quorum::engine::Batch;

    const EPOCH: Option<Epoch> = Some(Epoch(1));
    const ROUND: Option<RoundId> = Some(RoundId(1));

    fn batch(first: i64, bytes: usize) -> Call {
        let records = Bytes::from(vec![0; bytes]);
        Call::Journal(Batch { segment: TxId(1), first: TxId(first), count: 1, records })
    }

    fn unreachable() -> NodeFailure {
        NodeFailure::Unanswered { reason: "connection refused".into() }
    }

    fn serial(next: &Next) -> i64 {
        match next {
            Next::Send(_, Some(info)) => info.ipc_serial,
            other => panic!("{other:?} has no serial number"),
        }
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn one_call_is_on_its_way_at_a_time_and_serials_start_at_0() {
        let mut channel = Channel::new(100);
        channel.enqueue(ROUND, Call::StartSegment(TxId(1))).unwrap();
        channel.enqueue(ROUND, batch(1, 10)).unwrap();
        assert_eq!(serial(&channel.next(at(0), EPOCH, None)), 0);
        assert_eq!(channel.next(at(0), EPOCH, None), Next::Idle);
        channel.answered(Ok(Answer::Done));
        let next = channel.next(at(0), EPOCH, Some(TxId(7)));
        assert!(matches!(&next, Next::Send(Call::Journal(_), Some(info))
            if info.committed_txid == Some(TxId(7)) && info.ipc_serial == 1));
    }

    #[test]
    fn a_failure_uses_its_serial_up_and_ends_the_writing_until_the_next_segment() {
        let mut channel = Channel::new(100);
        channel.enqueue(ROUND, batch(1, 10)).unwrap();
        channel.enqueue(ROUND, batch(2, 10)).unwrap();
        channel.next(at(0), EPOCH, None);
        assert_eq!(channel.answered(Err(unreachable())), Some((RoundId(1), Err(unreachable()))));
        // The first batch it must not get is replaced with a heartbeat.
        let next = channel.next(at(5), EPOCH, None);
        assert!(matches!(next, Next::Send(Call::Heartbeat, _)));
        assert_eq!(serial(&next), 1);
        assert_eq!(
            channel.answered(Ok(Answer::Done)),
            Some((RoundId(1), Err(NodeFailure::OutOfSync)))
        );
        channel.enqueue(ROUND, Call::StartSegment(TxId(3))).unwrap();
        channel.next(at(5), EPOCH, None);
        channel.answered(Ok(Answer::Done));
        assert!(channel.status().in_sync);
        assert_eq!(channel.status().queued_bytes, 0);
    }

    #[test]
    fn heartbeats_go_once_a_second_even_if_they_fail() {
        let mut channel = Channel::new(100);
        channel.in_sync = false;
        let mut sent = |now| {
            channel.enqueue(ROUND, batch(1, 10)).unwrap();
            match channel.next(now, EPOCH, None) {
                Next::Send(Call::Heartbeat, _) => channel.answered(Err(unreachable())).is_some(),
                Next::Failed(ROUND, NodeFailure::OutOfSync) => false,
                other => panic!("{other:?}"),
            }
        };
        assert!(sent(at(3)));
        assert!(!sent(at(3)));
        assert!(!sent(at(4)), "Java waits for more than a second");
        assert!(sent(at(5)));
        assert_eq!(channel.status().queued_bytes, 0);
    }

    #[test]
    fn edits_beyond_the_limit_fail_for_this_node() {
        let mut channel = Channel::new(100);
        channel.enqueue(ROUND, batch(1, 150)).unwrap();
        let refused = channel.enqueue(ROUND, batch(2, 1));
        assert_eq!(refused, Err(NodeFailure::TooFarBehind { queued_bytes: 150 }));
        channel.enqueue(ROUND, Call::Finalize { first: TxId(1), last: TxId(1) }).unwrap();
        channel.next(at(0), EPOCH, None);
        assert!(channel.enqueue(ROUND, batch(2, 1)).is_err(), "what is on its way counts");
        channel.answered(Ok(Answer::Done));
        channel.enqueue(ROUND, batch(2, 1)).unwrap();
    }

    #[test]
    fn a_node_is_asked_where_it_serves_segments_before_it_prepares() {
        let mut channel = Channel::new(100);
        channel.enqueue(ROUND, Call::PrepareRecovery(TxId(1))).unwrap();
        let next = channel.next(at(0), EPOCH, None);
        assert_eq!(next, Next::Send(Call::JournalState, None));
        let state = Answer::JournalState { promised: Epoch(1), http: "http://n:1".into() };
        assert_eq!(channel.answered(Ok(state)), None);
        let next = channel.next(at(0), EPOCH, None);
        assert!(matches!(next, Next::Send(Call::PrepareRecovery(TxId(1)), Some(_))));
    }
}
