use super::LatencyHistogram;

/// Where the time of a writer's requests goes: with the disk, in the queue before it, or with
/// the writer.
#[derive(Debug, Default)]
pub struct RequestTimes {
    /// Writing and syncing a batch. Batches that needed no sync are not in it.
    pub syncs: LatencyHistogram,
    /// From when a request that may change the journal was taken up until its turn came.
    pub waits: LatencyHistogram,
    /// From the answer to a writer's request until the writer's next request.
    pub gaps: LatencyHistogram,
}
