//! Real NameNodes of Hadoop 3.4.3 on our JournalNodes, on Java's, and on both together.
//!
//! A missing `journalnode` binary fails these tests. `COMPAT_KINDS=java` runs them all on Java's
//! JournalNodes instead, to tell a fault of a scenario from one of ours.

mod kinds;

mod convert_to_ha;
mod far_behind;
mod fencing;
mod hand_over;
mod index;
mod inspect;
mod journalnode_kill;
mod lock;
mod qjm_suites;
mod quorum_client;
mod rolling_restart;
mod scanner;
mod scrub;
mod slow_disk;
mod status;
mod sync;
mod tailing;
mod upgrade;
mod user_config;
mod write_roll_checkpoint_purge;
mod writer_kill;
