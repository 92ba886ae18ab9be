use super::*;
use crate::lock::LockService;

const DATA: Bytes = Bytes::from_static(b"nn1");

async fn open(ensemble: &MemoryEnsemble) -> std::sync::Arc<dyn LockSession> {
    ensemble.open().await.unwrap()
}

fn ensemble() -> MemoryEnsemble {
    MemoryEnsemble::new(Duration::from_secs(4))
}

#[tokio::test]
async fn the_lock_goes_with_its_session_and_watchers_are_told_once() {
    let ensemble = ensemble();
    let (one, two) = (open(&ensemble).await, open(&ensemble).await);
    one.create_lock(DATA).await.unwrap();
    assert_eq!(two.create_lock(DATA).await, Err(LockError::NodeExists));
    assert_eq!(two.stat_lock().await.unwrap().unwrap().session, one.id());
    let mut told = two.events();
    one.close().await;
    assert_eq!(told.try_recv(), Ok(SessionEvent::LockDeleted));
    one.create_lock(DATA).await.unwrap_err();
    two.create_lock(DATA).await.unwrap();
    assert!(told.try_recv().is_err(), "the watch was used up");
}

#[tokio::test]
async fn a_session_out_of_contact_keeps_its_lock_until_it_expires() {
    let ensemble = ensemble();
    let one = open(&ensemble).await;
    one.create_lock(DATA).await.unwrap();
    ensemble.disconnect(one.id());
    assert_eq!(one.stat_lock().await, Err(LockError::ConnectionLoss));
    assert_eq!(ensemble.lock().unwrap().0, one.id());
    ensemble.expire(one.id());
    assert_eq!(ensemble.lock(), None);
    assert_eq!(one.stat_lock().await, Err(LockError::SessionExpired));
    let mut told = one.events();
    assert_eq!(told.recv().await, Some(SessionEvent::Disconnected));
    assert_eq!(told.recv().await, Some(SessionEvent::Expired));
    assert_eq!(told.recv().await, None);
}

#[tokio::test]
async fn a_lost_answer_leaves_the_lock_taken() {
    let ensemble = ensemble();
    let one = open(&ensemble).await;
    ensemble.lose_next_answer(Request::CreateLock);
    assert_eq!(one.create_lock(DATA).await, Err(LockError::ConnectionLoss));
    assert_eq!(one.stat_lock().await.unwrap().unwrap().session, one.id());
    ensemble.fail_next(Request::WriteBreadcrumb, LockError::NoAuth);
    assert_eq!(one.write_breadcrumb(DATA, None).await, Err(LockError::NoAuth));
    assert_eq!(ensemble.breadcrumb(), None);
}

#[tokio::test]
async fn a_breadcrumb_is_replaced_and_deleted_by_version_only() {
    let ensemble = ensemble();
    let one = open(&ensemble).await;
    one.write_breadcrumb(DATA, None).await.unwrap();
    assert_eq!(one.write_breadcrumb(DATA, None).await, Err(LockError::NodeExists));
    one.write_breadcrumb(DATA, Some(0)).await.unwrap();
    assert_eq!(one.write_breadcrumb(DATA, Some(0)).await, Err(LockError::BadVersion));
    assert_eq!(one.delete_breadcrumb(0).await, Err(LockError::BadVersion));
    one.delete_breadcrumb(1).await.unwrap();
    assert_eq!(one.read_breadcrumb().await, Ok(None));
}
