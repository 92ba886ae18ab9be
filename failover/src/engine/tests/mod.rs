//! Each state with each event of the election and of what decides about taking part in it.

mod activation;
mod cede;
mod elector;
mod graceful;
mod guards;
mod health;
mod sim;
mod stopping;
mod table;
