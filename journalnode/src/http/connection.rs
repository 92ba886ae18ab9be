use std::future::Future;
use std::pin::pin;

use axum::Router;
use hadoop_ipc::net::TcpStream;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tracing::debug;

use super::HttpOptions;
use super::write_timeout::WriteTimeout;

/// Serves the requests of one connection, until it ends, idles too long, or `stop` and the
/// request in flight is answered.
pub(super) async fn serve(
    stream: TcpStream,
    router: Router,
    options: &HttpOptions,
    stop: impl Future<Output = ()>,
) {
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(WriteTimeout::new(stream, options.idle_timeout));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(options.idle_timeout)
        .max_buf_size(options.max_header_bytes)
        .serve_connection(io, TowerToHyperService::new(router));
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        () = stop => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        debug!("connection ended: {error}");
    }
}
