//! The HTTP server: segments for NameNodes and peers (`/getJournal`), and what people and
//! monitoring look at. Paths, statuses, texts and names are those of Java's JournalNode.

mod activity;
mod admin;
mod conf_page;
mod connection;
mod error_page;
mod get_journal;
mod health;
mod html;
mod jmx;
mod log_level;
mod options;
mod page;
mod prometheus;
mod query;
mod readiness;
mod request_rate;
mod router;
mod server;
mod shared;
mod site;
mod stacks;
mod ui;
mod version;
mod write_timeout;

pub use options::HttpOptions;
pub use server::HttpServer;
pub use site::Site;
pub(crate) use version::version;
