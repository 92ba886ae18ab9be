use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use tokio::task::spawn_blocking;

use super::page::{TEXT, page};
use super::readiness::Readiness;
use super::shared::Shared;
use crate::journal::JournalStatus;

const JSON: &str = "application/json;charset=utf-8";

/// `/live`: the process answers.
pub(super) async fn live() -> Response<Body> {
    page(TEXT, "ok")
}

/// `/ready`: 200 if this node is in step with the writer, or honestly idle; else 503 with the
/// reasons.
pub(super) async fn ready(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let look = spawn_blocking(move || {
        let statuses: Vec<JournalStatus> =
            shared.site.node.loaded().iter().map(|journal| journal.status()).collect();
        let mut readiness = Readiness::of(&statuses);
        let standing = shared.site.node.standing_of_untouched();
        for directory in shared.site.node.directories().used() {
            readiness.look_at(&directory);
            readiness.look_at_untouched(&directory, standing);
        }
        readiness.finish()
    });
    let readiness = look.await.unwrap_or_default();
    // Texts and lists always have a JSON form.
    let mut response = page(JSON, serde_json::to_string(&readiness).unwrap_or_default());
    if !readiness.is_ready() {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response
}
