//! What a packet says: the headers of a request, the headers of a reply, and failures as the
//! Java exceptions a Hadoop client expects. Pure.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod call_error;
mod call_id;
pub mod class_name;
mod decode_request;
mod request;
mod response;
mod rpc_exception;

pub use call_error::CallError;
pub use call_id::CallId;
pub use decode_request::decode_request;
pub use request::{HeaderError, RequestHeader};
pub use response::{Failure, Response, ResponseTo};
pub use rpc_exception::RpcException;
