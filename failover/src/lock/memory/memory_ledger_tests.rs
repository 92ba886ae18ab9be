use std::time::Duration;

use super::*;
use crate::lock::{LockService, LockSession};
use crate::types::NameNodeId;

async fn ensemble() -> (MemoryEnsemble, Arc<dyn LockSession>) {
    let ensemble = MemoryEnsemble::new(Duration::from_secs(10));
    let session = ensemble.open().await.unwrap();
    (ensemble, session)
}

fn pause(why: &str) -> Paused {
    Paused { by: "ann@nn01".to_owned(), at_ms: 1, why: why.to_owned() }
}

fn vouch(ensemble: &MemoryEnsemble) -> Confirmation {
    Confirmation {
        by: "ann@nn01".to_owned(),
        at_ms: 1,
        why: String::new(),
        namenode: NameNodeId::new("ns", "nn1"),
        breadcrumb_version: ensemble.breadcrumb().unwrap().version,
        breadcrumb_mzxid: ensemble.breadcrumb_mzxid().unwrap(),
    }
}

#[tokio::test]
async fn a_pause_is_seen_by_other_sessions() {
    let (ensemble, session) = ensemble().await;
    let other = ensemble.open().await.unwrap().ledger();
    let waiting = tokio::spawn(async move { other.changed(Standing::default()).await });
    session.ledger().pause(pause("disks")).await.unwrap();
    assert_eq!(waiting.await.unwrap().unwrap().paused, Some(pause("disks")));
    assert_eq!(session.ledger().resume().await, Ok(true));
    assert_eq!(session.ledger().resume().await, Ok(false));
}

#[tokio::test]
async fn a_word_is_taken_once_and_for_its_breadcrumb_alone() {
    let (ensemble, session) = ensemble().await;
    let ledger = session.ledger();
    ensemble.set_breadcrumb("nn1");
    ledger.confirm_fenced(vouch(&ensemble)).await.unwrap();
    assert_eq!(ledger.take_confirmation(1).await, Ok(None), "another version");
    assert!(ledger.take_confirmation(0).await.unwrap().is_some());
    assert_eq!(ledger.take_confirmation(0).await, Ok(None), "it was used");

    let old = vouch(&ensemble);
    ledger.confirm_fenced(old.clone()).await.unwrap();
    session.delete_breadcrumb(0).await.unwrap();
    session.write_breadcrumb("nn1".into(), None).await.unwrap();
    assert_eq!(ledger.take_confirmation(0).await, Ok(None), "version 0 of another breadcrumb");
    assert_eq!(ledger.confirm_fenced(old).await, Err(LedgerError::BreadcrumbChanged));
}

#[tokio::test]
async fn a_session_out_of_contact_fails() {
    let (ensemble, session) = ensemble().await;
    ensemble.disconnect(session.id());
    assert!(session.ledger().pause(pause("")).await.is_err());
    ensemble.reconnect(session.id());
    assert_eq!(session.ledger().paused().await, Ok(None));
}
