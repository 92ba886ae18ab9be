//! What holds of the acceptor whatever its writers send and wherever it crashes.

mod acceptor_properties;
mod action;
mod left_behind;
mod oracle;
mod world;
