use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use hadoop_ipc::conf::Configuration;
use tokio::task::spawn_blocking;

use super::{hadoop, own};
use crate::http::error_page::ErrorPage;
use crate::http::jmx::beans;
use crate::http::page::{TEXT, page};
use crate::http::shared::Shared;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const ENABLED: &str = "hadoop.prometheus.endpoint.enabled";
/// Where Hadoop's own default, false, comes from.
const BUILT_IN: &str = "core-default.xml";

/// `/prom`.
pub(in crate::http) async fn prom(State(shared): State<Arc<Shared>>, uri: Uri) -> Response<Body> {
    if is_refused(&shared.site.conf) {
        let (path, status) = (uri.path(), StatusCode::NOT_FOUND);
        return ErrorPage { status, message: "Not Found", path, servlet: "default" }.response();
    }
    page(TEXT, hadoop::render(&beans::all(shared).await))
}

/// `/metrics`.
pub(in crate::http) async fn metrics(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let text = spawn_blocking(move || own::render(&shared.site)).await;
    page(OPEN_METRICS, text.unwrap_or_default())
}

/// Java serves `/prom` only if told to; this serves it unless a site file says no.
fn is_refused(conf: &Configuration) -> bool {
    let explicit = conf.raw(ENABLED).is_some() && conf.origin(ENABLED) != BUILT_IN;
    explicit && !conf.boolean_or(ENABLED, false).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    #[test]
    fn jn_132_only_an_explicit_no_turns_prom_off() {
        let mut conf = Configuration::empty(Environment::empty());
        assert!(!is_refused(&conf));
        conf.set(ENABLED, "false", BUILT_IN);
        assert!(!is_refused(&conf));
        conf.set(ENABLED, "true", "core-site.xml");
        assert!(!is_refused(&conf));
        conf.set(ENABLED, "false", "core-site.xml");
        assert!(is_refused(&conf));
    }
}
