//! The page for people: files built into the program, filled from `/jmx` by the browser.

mod asset;
mod pages;

pub(super) use pages::{asset, root};
