//! Every interleaving of two controllers, the lock, their NameNodes and bounded faults.
//!
//! A call to the own NameNode reaches it when it is sent and is answered at any later time; the
//! lock service answers each session in order, at any later time; fencing hits at any time. The
//! ensemble ends a session only after the timeout without a word from it, by the clock of its
//! node.
//!
//! The bounds: two nodes and at most two faults in a run, of the kinds that each test names;
//! within them every interleaving is looked at, some 800,000 states in all. Numbers of
//! calls and sessions only grow, so no run goes round in a circle: it comes to rest, and at rest
//! there must be an active.

mod node;
mod world;

use stateright::{Checker, Model, Property};

use self::world::{Action, Faults, World};
use super::Mutant;

struct Election {
    faults: Faults,
    mutant: Option<Mutant>,
}

impl Model for Election {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self.faults, self.mutant)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        world.actions(actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        next.act(action);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("never two unfenced actives", |_, w: &World| w.actives() <= 1),
            Property::always("breadcrumb before promotion", |_, w: &World| !w.promoted_unnamed),
            Property::always("only an own breadcrumb goes, of a standby", |_, w: &World| {
                !w.deleted_wrongly
            }),
            Property::always("the lock names its holder", |_, w: &World| w.lock_is_whole()),
            Property::always("no controller exits", |_, w: &World| !w.exited),
            Property::always("whoever is left alone becomes active", |_, w: &World| {
                !w.is_quiet() || w.is_served()
            }),
            Property::sometimes("the other takes over", |_, w: &World| w.takeovers > 0),
        ]
    }
}

fn check(name: &str, faults: Faults) {
    let checker = Election { faults, mutant: None }.checker().spawn_bfs().join();
    println!(
        "{name}: {} states, {} unique, depth {}",
        checker.state_count(),
        checker.unique_state_count(),
        checker.max_depth()
    );
    checker.assert_properties();
}

const NONE: Faults =
    Faults { late: 0, stalls: 0, losses: 0, unfenced: 0, kills: 0, crashes: 0, cedes: 0 };

#[test]
fn fc_111_invariants_hold_when_a_node_stalls_or_is_cut_off_and_fencing_fails() {
    check("stall", Faults { stalls: 1, unfenced: 1, ..NONE });
    check("stall and cut off", Faults { stalls: 1, late: 1, ..NONE });
    check("cut off", Faults { late: 1, kills: 1, ..NONE });
}

#[test]
fn fc_111_invariants_hold_when_answers_are_lost() {
    check("loss", Faults { losses: 1, late: 1, ..NONE });
}

#[test]
fn fc_111_invariants_hold_when_a_controller_crashes() {
    check("crash", Faults { crashes: 1, unfenced: 1, ..NONE });
}

#[test]
fn fc_111_invariants_hold_when_a_node_cedes() {
    check("cede", Faults { cedes: 1, late: 1, ..NONE });
    check("cede, not fenced", Faults { cedes: 1, unfenced: 1, ..NONE });
}

fn found(mutant: Mutant, faults: Faults) -> Vec<&'static str> {
    let checker = Election { faults, mutant: Some(mutant) }.checker().spawn_bfs().join();
    let mut names: Vec<_> = checker.discoveries().into_keys().collect();
    names.retain(|name| *name != "the other takes over");
    names.sort_unstable();
    names
}

#[test]
fn the_model_finds_promotion_before_fencing() {
    let names = found(Mutant::PromoteBeforeFence, Faults { late: 1, ..NONE });
    assert!(names.contains(&"never two unfenced actives"), "{names:?}");
}

#[test]
fn the_model_finds_promotion_before_the_breadcrumb() {
    let names = found(Mutant::PromoteBeforeBreadcrumb, Faults { late: 1, ..NONE });
    assert!(names.contains(&"breadcrumb before promotion"), "{names:?}");
}

#[test]
fn the_model_finds_a_lock_that_is_kept_after_expiry() {
    let names = found(Mutant::KeepLockAfterExpiry, Faults { late: 1, ..NONE });
    assert!(names.contains(&"never two unfenced actives"), "{names:?}");
}
