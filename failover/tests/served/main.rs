//! The network parts of the controller against servers that do what a real NameNode cannot be
//! made to do on request.

mod health;
mod http;
mod patience;
mod proxy;
mod scripted;
mod transitions;
mod zkfc;
