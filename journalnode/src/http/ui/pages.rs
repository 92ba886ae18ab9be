use axum::body::Body;
use axum::http::header::{HOST, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Uri};

use super::asset::find;
use crate::http::page::{TEXT, page};

/// `/`: to the start page. Java names the whole address, as the client called it.
pub(in crate::http) async fn root(headers: HeaderMap) -> Response<Body> {
    let mut response = page(TEXT, Body::empty());
    *response.status_mut() = StatusCode::FOUND;
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let address = host.and_then(|host| format!("http://{host}/index.html").parse().ok());
    let address = address.unwrap_or(HeaderValue::from_static("/index.html"));
    response.headers_mut().insert(LOCATION, address);
    response
}

/// A file, if there is one of this path.
pub(in crate::http) fn asset(uri: &Uri) -> Option<Response<Body>> {
    find(uri.path()).map(|asset| page(asset.content_type, asset.content))
}
