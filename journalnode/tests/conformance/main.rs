//! What each RPC answers, as a client sees it: class and text of the refusal, or the response,
//! and the files that it leaves. Citing the rows of the conformance checklist.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod accept_recovery;
mod checks;
mod doors;
mod epochs;
mod finalize;
mod format;
mod journaled_edits;
mod manifest;
mod peer;
mod prepare_recovery;
mod purge;
mod segments;
mod served;
#[path = "../support/mod.rs"]
mod support;
mod upgrade;
