use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Fault;

/// Faults of one round, the second on top of the first.
const FAULTS_PER_ROUND: usize = 2;
/// The longest hold is more than a session and a NameNode's patience with its log are apart.
const HOLD_MS: std::ops::Range<u64> = 2_000..9_000;

/// One fault, and how long it is left alone before what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub fault: Fault,
    /// For how long nothing else is.
    pub hold_ms: u64,
    /// Decides the details of faults that have some.
    pub seed: u64,
}

/// What happens in a run, decided by its seed alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The steps of each round.
    pub rounds: Vec<Vec<Step>>,
}

impl Plan {
    /// That many rounds. Faults are dealt from a shuffled pack, so that none waits for long.
    pub fn of(seed: u64, rounds: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut pack = Vec::new();
        let mut step = || {
            if pack.is_empty() {
                pack = Fault::all();
                pack.shuffle(&mut rng);
            }
            let (hold_ms, seed) = (rng.random_range(HOLD_MS), rng.random());
            pack.pop().map(|fault| Step { fault, hold_ms, seed })
        };
        let mut round = || (0..FAULTS_PER_ROUND).filter_map(|_| step()).collect();
        Self { rounds: (0..rounds).map(|_| round()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_seed_decides_the_faults() {
        assert_eq!(Plan::of(7, 30), Plan::of(7, 30));
        assert_ne!(Plan::of(7, 30), Plan::of(8, 30));
        assert_eq!(Plan::of(7, 30).rounds[..5], Plan::of(7, 5).rounds, "a prefix is the same");
    }

    #[test]
    fn a_whole_pack_has_every_fault_once() {
        let all = Fault::all();
        let plan = Plan::of(1, all.len() / FAULTS_PER_ROUND);
        let dealt: HashSet<Fault> = plan.rounds.iter().flatten().map(|step| step.fault).collect();
        assert_eq!(dealt, all.into_iter().collect());
    }
}
