use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use super::action::{Action, Turn, turns};
use super::world::World;

proptest! {
    #![proptest_config(Config { cases: 256, ..Config::default() })]

    /// JN-046 to JN-050, JN-058 to JN-094 as far as a single node can keep or break them.
    #[test]
    fn no_writer_and_no_crash_breaks_a_promise_or_loses_an_acknowledged_edit(turns in turns()) {
        let mut world = World::new();
        for turn in &turns {
            world.play(turn);
        }
    }
}

/// Properties of nothing hold always: the turns must get somewhere.
#[test]
fn the_turns_reach_deep_enough_to_mean_something() {
    let mut runner = TestRunner::deterministic();
    let mut successes = BTreeMap::new();
    for _ in 0..100 {
        let turns = turns().new_tree(&mut runner).unwrap().current();
        let mut world = World::new();
        for turn in turns.iter().filter(|turn| world.play(turn)) {
            *successes.entry(turn.action.name()).or_insert(0) += 1;
        }
    }
    assert_eq!(successes.len(), 8, "{successes:?}");
    assert!(successes.values().all(|count| *count > 50), "{successes:?}");
}

/// The life of a healthy segment, with a crash behind each number of effects of each request.
#[test]
fn jn_089_each_request_survives_a_crash_behind_each_of_its_effects() {
    let actions = [
        Action::NewEpoch { above: 1 },
        Action::Start { off: 0 },
        Action::Append { off: 0, count: 3 },
        Action::NewEpoch { above: 1 },
        Action::Prepare,
        Action::Accept { off: 2, peer_answers: true },
        Action::NewEpoch { above: 1 },
        Action::Prepare,
        Action::Finalize { off: 0 },
        Action::Start { off: 0 },
        Action::Append { off: 0, count: 1 },
    ];
    for (crashing, effects, asked_again) in crashes(actions.len()) {
        let mut world = World::new();
        for (index, action) in actions.into_iter().enumerate() {
            let crash_after = (index == crashing).then_some(effects);
            let (writer, serial_off, committed) = (None, 0, false);
            world.play(&Turn { writer, action, serial_off, committed, crash_after, asked_again });
        }
    }
}

/// Which request crashes, behind how many of its effects, and whether it is asked again.
fn crashes(requests: usize) -> impl Iterator<Item = (usize, usize, bool)> {
    let points = (0..requests).flat_map(|request| (0..6).map(move |effects| (request, effects)));
    points.flat_map(|(request, effects)| [(request, effects, true), (request, effects, false)])
}
