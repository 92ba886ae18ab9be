//! `/conf`: the configuration the daemon runs on. Source: `ConfServlet`.

mod page;
mod redactor;
mod render;

pub(super) use page::conf;
