use journalnode::types::Epoch;

use crate::Violation;

const PROMISED: &str = "a node's promise never goes down";
const WRITER: &str = "a node's writer epoch never goes down";
const ORDER: &str = "a node's writer epoch is not above its promise";

/// The epochs that one node told of itself, over all its restarts.
#[derive(Clone, Copy, Debug, Default)]
pub struct NodeEpochs {
    promised: Epoch,
    writer: Epoch,
}

impl NodeEpochs {
    /// Compares with what it tells now (`Journal.lastPromisedEpoch`, `lastWriterEpoch`).
    pub fn observe(&mut self, promised: Epoch, writer: Epoch) -> Option<Violation> {
        let before = std::mem::replace(self, Self { promised, writer });
        if promised < before.promised {
            return Some(fell(PROMISED, before.promised, promised));
        }
        if writer < before.writer {
            return Some(fell(WRITER, before.writer, writer));
        }
        let detail = || format!("writer epoch {writer}, promise {promised}");
        (writer > promised).then(|| Violation::new(ORDER, detail()))
    }
}

fn fell(property: &'static str, from: Epoch, to: Epoch) -> Violation {
    Violation::new(property, format!("from {from} to {to}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_may_grow_and_not_fall() {
        let mut epochs = NodeEpochs::default();
        assert_eq!(epochs.observe(Epoch(3), Epoch(2)), None);
        assert!(epochs.observe(Epoch(2), Epoch(2)).is_some());
        assert!(epochs.observe(Epoch(2), Epoch(1)).is_some());
        assert!(epochs.observe(Epoch(2), Epoch(3)).is_some());
    }
}
