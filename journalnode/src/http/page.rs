use std::time::SystemTime;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, EXPIRES, PRAGMA};
use axum::http::{HeaderMap, HeaderValue, Response};

/// An answer with status 200 that must not be cached, as all of Hadoop's.
pub(super) fn page(content_type: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    forbid_caching(headers, SystemTime::now());
    response
}

fn forbid_caching(headers: &mut HeaderMap, now: SystemTime) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    if let Ok(now) = httpdate::fmt_http_date(now).parse() {
        headers.insert(EXPIRES, now);
    }
}

/// Plain text, as Java calls it.
pub(super) const TEXT: &str = "text/plain;charset=utf-8";
/// HTML, as Java calls it.
pub(super) const HTML: &str = "text/html;charset=utf-8";
