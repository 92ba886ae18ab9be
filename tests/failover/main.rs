//! `zkfc-rs` and its parts beside real ZooKeeper, and with Hadoop's own daemons and tools.
//!
//! A missing `zkfc-rs` binary fails the tests of the command line: `cargo build -p failover`.

mod fixture;
mod kinds;
mod zkfc;

mod access;
mod black_hole;
mod breadcrumb;
mod controller_kill;
mod daemon;
mod doctor;
mod ensemble;
mod fence_refused;
mod format;
mod frozen;
mod graceful;
mod haadmin;
mod health;
mod javas_fencing;
mod kill_active;
mod ledger;
mod lock;
mod neighbours;
mod observer;
mod outage;
mod planned_stop;
mod replaced;
mod session;
mod stall;
mod supervised;
mod take_over;
mod tls;
mod tools;
mod user_recipe;
mod zookeeper_gone;
mod zookeeper_loss;
