/// Which session with ZooKeeper, counted by the engine. What belongs to another one is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionNo(pub u64);

impl SessionNo {
    /// The session that start-up opened, before there was an engine.
    pub const FIRST: Self = Self(0);
}
