//! The RPC door: the protocols that NameNodes and other JournalNodes speak, translated into
//! requests to the engine.

mod convert;
mod failure;
mod http_address;
mod inter_qjournal;
mod qjournal;
mod responses;

pub use http_address::HttpAddress;
pub use inter_qjournal::InterQJournalProtocol;
pub use qjournal::QJournalProtocol;
