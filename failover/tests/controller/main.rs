//! The controller's shell with an ensemble in memory and NameNodes that do as they are told, all
//! over real sockets and processes.

mod activation;
mod cancelled;
mod ceding;
mod ensemble;
mod fencing;
mod fixture;
mod namenode;
mod patience;
mod stopping;
