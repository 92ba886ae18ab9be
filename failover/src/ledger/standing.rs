use super::{Confirmation, Paused};

/// What people want of the controllers at present.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The pause, if there is one.
    pub paused: Option<Paused>,
    /// The word that an old active is gone, if it was left and not used.
    pub confirmation: Option<Confirmation>,
}
