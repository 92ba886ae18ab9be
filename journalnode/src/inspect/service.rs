use std::sync::Arc;

use hadoop_proto::inspect::v1::inspect_server::Inspect;
use hadoop_proto::inspect::v1::{
    HistoryRequest, HistoryResponse, ScrubRequest, ScrubResponse, StatusRequest, StatusResponse,
    TailRequest, TailResponse, WatchRequest,
};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};
use tracing::info;

use super::stream::{Answers, LongCalls};
use super::{Inspected, history, scrub, status, tail, watch};

/// The calls of `proto/inspect/v1`, each handed to a module of its own.
pub(super) struct InspectService {
    inspected: Arc<Inspected>,
    long_calls: LongCalls,
}

impl InspectService {
    pub(super) fn new(inspected: Arc<Inspected>, stopping: CancellationToken) -> Self {
        Self { inspected, long_calls: LongCalls::new(stopping) }
    }
}

#[tonic::async_trait]
impl Inspect for InspectService {
    type WatchStream = Answers<StatusResponse>;
    type TailStream = Answers<TailResponse>;
    type ScrubStream = Answers<ScrubResponse>;

    async fn status(&self, _: Request<StatusRequest>) -> Result<Response<StatusResponse>, Status> {
        status::of(&self.inspected).await.map(Response::new)
    }

    async fn watch(
        &self,
        request: Request<WatchRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let interval = watch::interval(request.get_ref())?;
        let inspected = Arc::clone(&self.inspected);
        self.long_calls.start(|answers| watch::run(inspected, interval, answers))
    }

    async fn history(
        &self,
        request: Request<HistoryRequest>,
    ) -> Result<Response<HistoryResponse>, Status> {
        history::of(&self.inspected, request.get_ref()).await.map(Response::new)
    }

    async fn tail(
        &self,
        request: Request<TailRequest>,
    ) -> Result<Response<Self::TailStream>, Status> {
        let tail = tail::Tail::begin(&self.inspected, request.get_ref()).await?;
        self.long_calls.start(|answers| tail.run(answers))
    }

    async fn scrub(
        &self,
        request: Request<ScrubRequest>,
    ) -> Result<Response<Self::ScrubStream>, Status> {
        let peer = request.remote_addr();
        let request = request.into_inner();
        let journals = scrub::journals(&self.inspected, &request).await?;
        info!(
            peer = peer.map(tracing::field::display),
            unpaced = request.unpaced,
            "scrub of {} journals asked for",
            journals.len()
        );
        let scrubber = Arc::clone(&self.inspected.scrubber);
        self.long_calls.start(|answers| scrub::run(scrubber, journals, request.unpaced, answers))
    }
}
