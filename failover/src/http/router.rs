use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::routing::get;
use serde::Serialize;

use super::readiness::Readiness;
use super::{StatusSource, metrics};

const TEXT: &str = "text/plain;charset=utf-8";
const JSON: &str = "application/json;charset=utf-8";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Source = Arc<dyn StatusSource>;

/// Which path is answered by what.
pub(super) fn router(source: Source) -> Router {
    Router::new()
        .route("/live", get(live))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics_page))
        .route("/status", get(status))
        .with_state(source)
}

/// The process answers.
async fn live() -> Response<Body> {
    page(StatusCode::OK, TEXT, "ok".to_owned())
}

/// 200, or 503 with the reasons.
async fn ready(State(source): State<Source>) -> Response<Body> {
    let readiness = Readiness::of(&source.status());
    let code = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    json(code, &readiness)
}

async fn metrics_page(State(source): State<Source>) -> Response<Body> {
    page(StatusCode::OK, OPEN_METRICS, metrics::render(&source.status()))
}

async fn status(State(source): State<Source>) -> Response<Body> {
    json(StatusCode::OK, &source.status())
}

fn json(code: StatusCode, value: &impl Serialize) -> Response<Body> {
    match serde_json::to_string_pretty(value) {
        Ok(text) => page(code, JSON, text),
        Err(error) => page(StatusCode::INTERNAL_SERVER_ERROR, TEXT, error.to_string()),
    }
}

fn page(code: StatusCode, content_type: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = code;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
