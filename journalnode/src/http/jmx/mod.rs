//! `/jmx`: what Java shows of its management beans, under the same names, for the tools that
//! read it. Source: `JMXJsonServlet`.

mod bean;
pub(super) mod beans;
mod json;
mod object_name;
mod page;
mod value;

pub(super) use bean::{Attribute, Bean, Kind};
pub(super) use page::jmx;
pub(super) use value::Value;
