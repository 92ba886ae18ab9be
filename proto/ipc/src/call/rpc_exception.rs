use std::borrow::Cow;

use thiserror::Error;

/// A Java exception on the wire: its class and its message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{class}: {message}")]
pub struct RpcException {
    /// Full Java class name, `$` before nested classes.
    pub class: Cow<'static, str>,
    /// `getMessage()`: no class prefix, no stack trace.
    pub message: String,
}

impl RpcException {
    /// An exception of one of the classes in [`class_name`](super::class_name).
    pub fn new(class: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { class: class.into(), message: message.into() }
    }

    /// The class without its package and its outer classes, as Java's `getSimpleName`.
    pub fn simple_name(&self) -> &str {
        self.class.rsplit(['.', '$']).next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::class_name;

    #[test]
    fn simple_name_drops_package_and_outer_class() {
        let nested = RpcException::new(class_name::RPC_VERSION_MISMATCH, "");
        assert_eq!(nested.simple_name(), "VersionMismatch");
        assert_eq!(RpcException::new(class_name::IO, "").simple_name(), "IOException");
        assert_eq!(RpcException::new("Bare", "").simple_name(), "Bare");
    }
}
