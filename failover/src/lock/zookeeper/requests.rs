use std::sync::Arc;
use std::time::Instant;

use tokio::time::{sleep_until, timeout_at};
use zookeeper_client::{Client, Error};

use super::errors;
use super::shared::{Link, Shared};
use crate::lock::LockError;

/// Who answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answers {
    /// The leader: its answer shows that the session lives.
    Leader,
    /// The server we are connected to, from what it knows. It may be cut off from the others.
    Server,
}

/// Sends one request, and bounds it: the crate queues without bound while it has no connection.
///
/// Nothing is sent unless there is a client within the session's timeout. What was sent runs in
/// a task of its own, since the crate may panic; that task ends with the answer or with the
/// session, even when nobody waits for it any more.
pub(super) async fn request<T, F, A>(
    shared: &Arc<Shared>,
    answers: Answers,
    send: F,
) -> Result<T, LockError>
where
    F: FnOnce(Client) -> A + Send,
    A: Future<Output = Result<T, Error>> + Send + 'static,
    T: Send + 'static,
{
    let deadline = tokio::time::Instant::now() + shared.timeout;
    let client = timeout_at(deadline, client(shared)).await;
    let client = client.unwrap_or(Err(LockError::ConnectionLoss))?;
    let sent = Instant::now();
    let answer = send(client);
    let stop = shared.stop.clone();
    let task = tokio::spawn(async move {
        tokio::select! {
            biased;
            () = stop.cancelled() => None,
            answer = answer => Some(answer),
        }
    });
    tokio::select! {
        biased;
        ended = task => match ended {
            Ok(Some(answer)) => judge(shared, answers, sent, answer),
            Ok(None) => Err(over(shared)),
            Err(_panic) => {
                shared.broken.notify_one();
                Err(LockError::ConnectionLoss)
            }
        },
        () = sleep_until(deadline) => Err(LockError::ConnectionLoss),
    }
}

fn judge<T>(
    shared: &Shared,
    answers: Answers,
    sent: Instant,
    answer: Result<T, Error>,
) -> Result<T, LockError> {
    if answer.as_ref().is_err_and(errors::means_broken) {
        shared.broken.notify_one();
    }
    let answer = answer.map_err(errors::of_request);
    let is_answer = match &answer {
        Ok(_) => true,
        Err(LockError::NodeExists | LockError::NoNode | LockError::BadVersion) => true,
        Err(_) => false,
    };
    if is_answer && answers == Answers::Leader {
        shared.touch(sent);
    }
    answer
}

/// The client, once there is one.
async fn client(shared: &Shared) -> Result<Client, LockError> {
    let mut link = shared.link.subscribe();
    let settled = link.wait_for(|link| !matches!(link, Link::Down)).await;
    match settled.as_deref() {
        Ok(Link::Up(client)) => Ok(client.clone()),
        Ok(Link::Over(answer)) => Err(answer.clone()),
        Ok(Link::Down) | Err(_) => Err(LockError::ConnectionLoss),
    }
}

fn over(shared: &Shared) -> LockError {
    match &*shared.link.borrow() {
        Link::Over(answer) => answer.clone(),
        _ => LockError::SessionExpired,
    }
}
