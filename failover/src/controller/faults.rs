use crate::engine::{Fault, LockFault, Refusal, SessionEvent};
use crate::lock::{self, LockError};
use crate::namenode;
use crate::rpc::CallFailure;
use hadoop_ipc::call::class_name;

/// The engine's name for what went wrong with the ensemble.
pub(super) fn of_lock(error: LockError) -> LockFault {
    match error {
        LockError::NodeExists => LockFault::NodeExists,
        LockError::NoNode => LockFault::NoNode,
        LockError::BadVersion => LockFault::BadVersion,
        LockError::ConnectionLoss => LockFault::ConnectionLoss,
        LockError::SessionExpired => LockFault::SessionExpired,
        LockError::AuthFailed => LockFault::AuthFailed,
        LockError::NoAuth => LockFault::NoAuth,
        LockError::Other(text) => LockFault::Other(text),
    }
}

/// The engine's name for what a session tells.
pub(super) fn of_session(event: lock::SessionEvent) -> SessionEvent {
    match event {
        lock::SessionEvent::Disconnected => SessionEvent::Disconnected,
        lock::SessionEvent::Connected => SessionEvent::Connected,
        lock::SessionEvent::Expired => SessionEvent::Expired,
        lock::SessionEvent::AuthFailed => SessionEvent::AuthFailed,
        lock::SessionEvent::LockDeleted => SessionEvent::LockDeleted,
        lock::SessionEvent::LockChanged | lock::SessionEvent::LockCreated => {
            SessionEvent::LockChanged
        }
    }
}

/// What another controller did not do.
pub(super) fn of_peer(fault: &namenode::Fault) -> Fault {
    let failure = CallFailure::of_peer(fault);
    Fault { java_class: failure.java_class().to_owned(), message: failure.to_string() }
}

/// The exception that a caller gets.
pub(super) fn of_refusal(refusal: &Refusal) -> CallFailure {
    let text = refusal.to_string();
    match refusal.java_class() {
        class_name::IO => CallFailure::Io(text),
        class_name::RUNTIME => CallFailure::Unexpected(text),
        class_name::ACCESS_CONTROL => CallFailure::AccessDenied(text),
        class_name::CONNECT => CallFailure::PeerRefused(text),
        class_name::SOCKET_TIMEOUT => CallFailure::PeerTimedOut(text),
        _ => CallFailure::ServiceFailed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::NameNodeId;

    #[test]
    fn fc_089_a_refusal_keeps_javas_class() {
        let peer = NameNodeId::new("ns1", "nn2");
        let message = "no".to_owned();
        let refused = |class: &str| Refusal::NotCeded {
            peer: peer.clone(),
            fault: Fault { java_class: class.to_owned(), message: message.clone() },
        };
        let refusals = [
            Refusal::NobodyActive,
            Refusal::LockUnreadable(message.clone()),
            Refusal::BadLock(message.clone()),
            refused(class_name::CONNECT),
            refused(class_name::SOCKET_TIMEOUT),
            refused(class_name::ACCESS_CONTROL),
            refused(class_name::SERVICE_FAILED),
        ];
        for refusal in refusals {
            assert_eq!(of_refusal(&refusal).java_class(), refusal.java_class());
            assert_eq!(of_refusal(&refusal).to_string(), refusal.to_string());
        }
    }
}
