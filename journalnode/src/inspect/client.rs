use std::time::Duration;

use hadoop_ipc::conf::HostPort;
use hadoop_proto::inspect::v1::inspect_client::InspectClient as Grpc;
use hadoop_proto::inspect::v1::{
    HistoryRequest, HistoryResponse, ScrubRequest, ScrubResponse, StatusRequest, StatusResponse,
    TailRequest, TailResponse, WatchRequest,
};
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};
use tonic::{Status, Streaming};

use super::limits::{KEEP_ALIVE, KEEP_ALIVE_ANSWER, MAX_ANSWER_BYTES};
use super::pem::Pem;
use super::{InspectClientError, TlsFiles};

/// Longest a node may take to be connected to.
const CONNECT: Duration = Duration::from_secs(5);
/// How much of a stream may be under way: what a reader that stops still gets.
const WINDOW_BYTES: u32 = 256 << 10;

/// A caller of one node's inspection service: the tools, and tests.
#[derive(Debug)]
pub struct InspectClient {
    node: HostPort,
    grpc: Grpc<Channel>,
}

impl InspectClient {
    /// Connects, with a certificate if the node wants one.
    pub async fn connect(
        node: &HostPort,
        tls: Option<&TlsFiles>,
    ) -> Result<Self, InspectClientError> {
        let failed = |error| InspectClientError::of_connection(node, &error);
        let endpoint = endpoint(node, tls)?;
        let channel = endpoint.connect().await.map_err(failed)?;
        let grpc = Grpc::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES);
        Ok(Self { node: node.clone(), grpc })
    }

    /// Everything about the node, now.
    pub async fn status(&mut self) -> Result<StatusResponse, InspectClientError> {
        let answer = self.grpc.status(StatusRequest {}).await;
        answer.map(tonic::Response::into_inner).map_err(|status| self.failed("status", &status))
    }

    /// The same whenever it has changed.
    pub async fn watch(
        &mut self,
        request: WatchRequest,
    ) -> Result<Streaming<StatusResponse>, InspectClientError> {
        let answer = self.grpc.watch(request).await;
        answer.map(tonic::Response::into_inner).map_err(|status| self.failed("watch", &status))
    }

    /// What happened to a journal.
    pub async fn history(
        &mut self,
        request: HistoryRequest,
    ) -> Result<HistoryResponse, InspectClientError> {
        let answer = self.grpc.history(request).await;
        answer.map(tonic::Response::into_inner).map_err(|status| self.failed("history", &status))
    }

    /// The committed transactions.
    pub async fn tail(
        &mut self,
        request: TailRequest,
    ) -> Result<Streaming<TailResponse>, InspectClientError> {
        let answer = self.grpc.tail(request).await;
        answer.map(tonic::Response::into_inner).map_err(|status| self.failed("tail", &status))
    }

    /// Checks finished segments.
    pub async fn scrub(
        &mut self,
        request: ScrubRequest,
    ) -> Result<Streaming<ScrubResponse>, InspectClientError> {
        let answer = self.grpc.scrub(request).await;
        answer.map(tonic::Response::into_inner).map_err(|status| self.failed("scrub", &status))
    }

    /// What is wrong with a call, also of a stream that broke off.
    pub fn failed(&self, call: &'static str, status: &Status) -> InspectClientError {
        InspectClientError::of_status(&self.node, call, status)
    }
}

fn endpoint(node: &HostPort, tls: Option<&TlsFiles>) -> Result<Endpoint, InspectClientError> {
    let failed = |error| InspectClientError::of_connection(node, &error);
    let scheme = if tls.is_some() { "https" } else { "http" };
    let endpoint = Endpoint::from_shared(format!("{scheme}://{node}")).map_err(failed)?;
    let endpoint = endpoint
        .connect_timeout(CONNECT)
        .initial_stream_window_size(WINDOW_BYTES)
        .initial_connection_window_size(WINDOW_BYTES)
        .http2_keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE_ANSWER);
    let Some(files) = tls else { return Ok(endpoint) };
    let Pem { identity, authorities } = Pem::read(files)?;
    let tls = ClientTlsConfig::new().identity(identity).ca_certificate(authorities);
    endpoint.tls_config(tls).map_err(failed)
}
