/// Why a controller ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// 0 if it was asked to.
    pub code: u8,
    /// For the log.
    pub text: String,
}
