//! Power cuts and failing disks, at every operation of every effect: what was acknowledged is
//! there afterwards (JN-148).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod model;
mod run;
mod script;

use run::{Journal, operations_of};
use script::{
    Step, continuation, format_again, rejoined, replaced, rolled_back, synced, upgraded, writing,
};

/// How many ways to lose what was not synced are tried for every operation.
const SEEDS: u64 = 3;

fn crash_everywhere(script: &[Step], sync_on_write: bool) {
    let operations = operations_of(script, sync_on_write);
    for seed in 0..SEEDS {
        for at in 1..=operations {
            let mut journal = Journal::new(seed, sync_on_write);
            journal.disk.crash_at(at);
            journal.run(script);
            journal.restart(&format!("seed {seed}, power cut at operation {at} of {operations}"));
            journal.run(&continuation());
            assert!(!journal.failed(), "the journal serves again, seed {seed}, operation {at}");
            journal.restart(&format!("seed {seed}, second cut, first at {at}"));
        }
    }
}

fn fail_everywhere(script: &[Step], sync_on_write: bool) {
    let operations = operations_of(script, sync_on_write);
    for seed in 0..SEEDS {
        for at in 1..=operations {
            let context = format!("seed {seed}, operation {at} of {operations} failed");
            let mut journal = Journal::new(seed, sync_on_write);
            journal.disk.fail_at(at);
            journal.run(script);
            if seed % 2 == 0 {
                journal.go_on_if_usable(&continuation());
            }
            journal.restart(&context);
            journal.run(&continuation());
            assert!(!journal.failed(), "the journal serves again, {context}");
            journal.restart(&format!("then power cut, {context}"));
        }
    }
}

#[test]
fn jn_148_writing_survives_a_power_cut_at_every_operation() {
    crash_everywhere(&writing(), false);
}

#[test]
fn jn_148_writing_with_o_dsync_survives_a_power_cut_at_every_operation() {
    crash_everywhere(&writing(), true);
}

#[test]
fn jn_075_writing_survives_the_failure_of_any_one_operation() {
    fail_everywhere(&writing(), false);
    fail_everywhere(&writing(), true);
}

#[test]
fn jn_055_formatting_again_leaves_the_old_the_new_or_no_journal() {
    crash_everywhere(&format_again(), false);
    fail_everywhere(&format_again(), false);
}

#[test]
fn jn_106_jn_117_an_upgrade_survives_a_power_cut_at_every_operation() {
    crash_everywhere(&upgraded(), false);
    fail_everywhere(&upgraded(), false);
}

#[test]
fn jn_106_jn_117_a_rollback_survives_a_power_cut_at_every_operation() {
    crash_everywhere(&rolled_back(), false);
    fail_everywhere(&rolled_back(), false);
}

#[test]
fn jn_139_installing_a_peers_segment_survives_a_power_cut_at_every_operation() {
    crash_everywhere(&synced(), false);
    fail_everywhere(&synced(), false);
}

#[test]
fn a_damaged_segment_is_the_old_file_or_the_whole_copy_after_a_power_cut_at_every_operation() {
    crash_everywhere(&replaced(), false);
    fail_everywhere(&replaced(), false);
}

#[test]
fn a_node_that_rejoins_is_a_member_with_its_promise_or_none_at_all() {
    crash_everywhere(&rejoined(), false);
    fail_everywhere(&rejoined(), false);
}
