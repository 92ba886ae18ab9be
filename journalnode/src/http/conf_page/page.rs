use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, Response, StatusCode, Uri};
use hadoop_ipc::conf::Property;

use super::redactor::Redactor;
use super::render::Listing;
use crate::http::error_page::ErrorPage;
use crate::http::page::page;
use crate::http::query::Query;
use crate::http::shared::Shared;

const XML: &str = "text/xml;charset=utf-8";
const JSON: &str = "application/json;charset=utf-8";

pub(in crate::http) async fn conf(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let query = Query::parse(uri.query());
    let conf = &shared.site.conf;
    let listing = Listing { conf, redactor: &Redactor::new(conf) };
    let properties: Vec<Property> = conf.properties().collect();
    let json = wants_json(&headers);
    let Some(name) = query.value("name").filter(|name| !name.is_empty()) else {
        return if json {
            page(JSON, listing.json(&properties))
        } else {
            page(XML, listing.xml(&properties))
        };
    };
    match properties.iter().find(|property| property.key == name) {
        Some(property) if json => page(JSON, listing.json_one(property)),
        Some(property) => page(XML, listing.xml(std::slice::from_ref(property))),
        None => not_found(&uri, name),
    }
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("json"))
}

fn not_found(uri: &Uri, name: &str) -> Response<Body> {
    let message = format!("Property {name} not found");
    let (path, status) = (uri.path(), StatusCode::NOT_FOUND);
    ErrorPage { status, message: &message, path, servlet: "conf" }.response()
}
