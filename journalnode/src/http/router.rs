use std::sync::Arc;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, CONTENT_LENGTH, HeaderName, X_CONTENT_TYPE_OPTIONS, X_XSS_PROTECTION,
};
use axum::http::{HeaderValue, Method, Response, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::get;
use tokio::task::spawn_blocking;

use super::activity::Activity;
use super::admin;
use super::conf_page::conf;
use super::error_page::ErrorPage;
use super::get_journal::get_journal;
use super::health::{live, ready};
use super::jmx::jmx;
use super::log_level::log_level;
use super::page::{TEXT, page};
use super::prometheus::{metrics, prom};
use super::shared::Shared;
use super::stacks::stacks;
use super::ui::{asset, root};

/// Headers of every answer, unless `hadoop.http.header.*` has others.
const SECURITY_HEADERS: [(HeaderName, &str); 2] =
    [(X_CONTENT_TYPE_OPTIONS, "nosniff"), (X_XSS_PROTECTION, "1; mode=block")];

/// Which path is answered by what.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/getJournal", get(get_journal))
        .route("/jmx", get(jmx))
        .route("/conf", get(conf))
        .route("/logLevel", get(log_level))
        .route("/stacks", get(stacks))
        .route("/prom", get(prom))
        .route("/metrics", get(metrics))
        .route("/live", get(live))
        .route("/ready", get(ready))
        .route("/", get(root))
        .fallback(file)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(Arc::clone(&shared), around))
        .with_state(shared)
}

/// What holds for every request.
async fn around(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response<Body> {
    let ongoing = Activity::begin(&shared.activity);
    let mut response = match *request.method() {
        Method::TRACE => method_not_allowed(request).await,
        Method::OPTIONS => options(),
        _ if head_bytes(&request) > shared.options.max_header_bytes => head_too_large(&request),
        _ if is_refused(&shared, request.uri().clone()).await => forbidden(&request),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in SECURITY_HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in &shared.options.extra_headers {
        headers.insert(name, value.clone());
    }
    ongoing.answered(response.status().as_u16(), length(&response));
    response
}

/// Length of a request's head. hyper's limit is one of its buffer, which may take in a little
/// more before it is looked at.
fn head_bytes(request: &Request) -> usize {
    let uri = request.uri();
    let target = uri.path().len() + uri.query().map_or(0, str::len);
    // Each header has a colon, a space, CR and LF.
    let header = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len() + 4;
    target + request.headers().iter().map(header).sum::<usize>()
}

fn head_too_large(request: &Request) -> Response<Body> {
    let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    let (path, message) = (request.uri().path(), "Request Header Fields Too Large");
    ErrorPage { status, message, path, servlet: "default" }.response()
}

/// Every path that is not listed: a file, or nothing.
async fn file(request: Request) -> Response<Body> {
    let Some(response) = asset(request.uri()) else { return not_found(&request) };
    match *request.method() {
        Method::GET | Method::HEAD => response,
        _ => method_not_allowed(request).await,
    }
}

/// Hadoop's clients that can authenticate, `daemonlog` among them, ask this first and give up
/// on any other answer than 200 (`KerberosAuthenticator`).
fn options() -> Response<Body> {
    let mut response = page(TEXT, Body::empty());
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
    response
}

async fn is_refused(shared: &Arc<Shared>, uri: Uri) -> bool {
    if !admin::is_guarded(&shared.site.conf, uri.path()) {
        return false;
    }
    let shared = Arc::clone(shared);
    // Looking up groups blocks. A look-up that breaks admits nobody.
    let look = spawn_blocking(move || {
        admin::is_refused(&shared.site.conf, shared.site.groups.as_ref(), uri.query())
    });
    look.await.unwrap_or(true)
}

fn forbidden(request: &Request) -> Response<Body> {
    let (path, status) = (request.uri().path(), StatusCode::FORBIDDEN);
    ErrorPage { status, message: admin::REFUSAL, path, servlet: "default" }.response()
}

fn not_found(request: &Request) -> Response<Body> {
    let path = request.uri().path();
    let status = StatusCode::NOT_FOUND;
    ErrorPage { status, message: "Not Found", path, servlet: "default" }.response()
}

async fn method_not_allowed(request: Request) -> Response<Body> {
    let message = format!("HTTP method {} is not supported by this URL", request.method());
    let (path, status) = (request.uri().path(), StatusCode::METHOD_NOT_ALLOWED);
    ErrorPage { status, message: &message, path, servlet: "default" }.response()
}

/// Length of an answer in bytes, as it is announced.
fn length(response: &Response<Body>) -> u64 {
    let announced = response.headers().get(CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse().ok());
    announced.unwrap_or_else(|| response.body().size_hint().lower())
}
