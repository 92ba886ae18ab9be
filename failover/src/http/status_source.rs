use super::ControllerStatus;

/// Where the pages get what they show. Asked at each request: it must not block.
pub trait StatusSource: Send + Sync + 'static {
    /// How the controller stands now.
    fn status(&self) -> ControllerStatus;
}
