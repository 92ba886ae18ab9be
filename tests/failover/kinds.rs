use std::path::Path;

use anyhow::Result;
use system_tests::hadoop::FailoverControllerKind::{self, Java, Rust};
use system_tests::process::WorkDir;

/// The kinds of the controllers of nn1 and nn2.
pub(crate) type Kinds = [FailoverControllerKind; 2];

pub(crate) fn rust() -> Kinds {
    [or_java(Rust), or_java(Rust)]
}

pub(crate) fn java_rust() -> Kinds {
    [Java, or_java(Rust)]
}

pub(crate) fn rust_java() -> Kinds {
    [or_java(Rust), Java]
}

/// `kind`, unless `FAILOVER_KINDS=java` asks for Java everywhere.
pub(crate) fn or_java(kind: FailoverControllerKind) -> FailoverControllerKind {
    match std::env::var("FAILOVER_KINDS").as_deref() {
        Ok("java") => Java,
        Ok(other) => panic!("FAILOVER_KINDS={other}: only java is known"),
        Err(_) => kind,
    }
}

/// Runs a scenario in a work folder named after the test.
pub(crate) fn run(test: &str, scenario: impl FnOnce(&Path) -> Result<()>) {
    WorkDir::run(&test.replace("::", "."), scenario);
}

/// Makes one test of a scenario per pair of kinds, named after the pair.
macro_rules! with_kinds {
    ($scenario:path, $($kinds:ident),+) => {
        $(
            #[test]
            fn $kinds() {
                let test = concat!(module_path!(), "::", stringify!($kinds));
                crate::kinds::run(test, |root| $scenario(root, crate::kinds::$kinds()));
            }
        )+
    };
}
pub(crate) use with_kinds;
