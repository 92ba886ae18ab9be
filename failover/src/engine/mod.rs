//! The elector and its companions, without I/O: given an event, decide what to do and why.
//!
//! [`Controller::step`] takes one [`Event`] and gives a [`Step`]: commands to carry out in order,
//! and reasons to log. Whatever is answered later carries a number, and an answer that is no
//! longer waited for is dropped.
//!
//! # What keeps two NameNodes from being active
//!
//! The order is lock, fence, breadcrumb, `transitionToActive`, and each step needs a *lease*: the
//! ensemble has confirmed the session less than its timeout, minus a margin, ago, so it cannot
//! have given the lock away. The call to the NameNode itself carries no lease. It goes to the
//! same host, so it is taken to arrive within the margin; another node that wins later fences
//! this NameNode after that. Should the answer come when the lease is over, the NameNode is told
//! to be standby at once, and a promotion is always followed by a look at the owner of the lock.
//! What remains (a whole host that stands still between decision and call, for longer than a
//! session) only the epochs of the JournalNodes stop.
//!
//! # What the shell does
//!
//! It gives [`Event::Contact`] before an answer, [`Event::Tick`] in time, and
//! [`Event::Reported`] before [`Event::Health`] at each check. It looks at the lease once more
//! right before `transitionToActive` leaves. A timer that was replaced may still ring.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod answer;
mod back_off;
mod breadcrumb;
mod call;
mod call_no;
mod command;
mod controller;
mod elector_state;
mod event;
mod evidence;
mod fault;
mod fence_outcome;
mod flap_guard;
mod leaving;
mod lock_fault;
#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod mutant;
mod owner_id;
mod reason;
mod reason_text;
mod refusal;
mod request_no;
mod session_event;
mod session_no;
mod settings;
mod status;
mod step;
mod stop;
#[cfg(test)]
mod tests;
mod time;
mod timer;

pub use answer::Answer;
use back_off::BackOff;
pub use breadcrumb::Breadcrumb;
pub use call::Call;
pub use call_no::CallNo;
pub use command::Command;
pub use controller::Controller;
pub use elector_state::ElectorState;
pub use event::Event;
pub use evidence::Evidence;
pub use fault::Fault;
pub use fence_outcome::FenceOutcome;
pub use flap_guard::FlapGuard;
pub use leaving::Leaving;
pub use lock_fault::LockFault;
#[cfg(test)]
pub(crate) use mutant::Mutant;
pub use owner_id::OwnerId;
pub use reason::Reason;
pub use refusal::Refusal;
pub use request_no::RequestNo;
pub use session_event::SessionEvent;
pub use session_no::SessionNo;
pub use settings::{EvidencePolicy, Settings};
pub use status::{Status, Stuck};
pub use step::Step;
pub use stop::Stop;
pub use time::Time;
pub use timer::Timer;
