//! Whatever comes in, from whomever: a well-formed answer or a closed connection, never a
//! panic, and never harm to anybody else. Against the real binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod descriptors;
mod frames;
mod malformed;
mod methods;
mod names;
mod noise;
mod numbers;
mod random;
#[path = "../support/mod.rs"]
mod support;
mod target;
mod wire_fields;
