use std::path::Path;

use anyhow::Result;
use system_tests::hadoop::JournalNodeKind::{self, Java, Rust};
use system_tests::process::WorkDir;

/// The kinds of jn1, jn2 and jn3.
pub(crate) type Kinds = [JournalNodeKind; 3];

pub(crate) fn three_java() -> Kinds {
    or_override([Java, Java, Java])
}

pub(crate) fn three_rust() -> Kinds {
    or_override([Rust, Rust, Rust])
}

pub(crate) fn two_rust_one_java() -> Kinds {
    or_override([Rust, Rust, Java])
}

pub(crate) fn one_rust_two_java() -> Kinds {
    or_override([Rust, Java, Java])
}

/// `kind`, unless `COMPAT_KINDS=java` asks for Java everywhere.
pub(crate) fn or_java(kind: JournalNodeKind) -> JournalNodeKind {
    or_override([kind; 3])[0]
}

fn or_override(kinds: Kinds) -> Kinds {
    match std::env::var("COMPAT_KINDS").as_deref() {
        Ok("java") => [Java; 3],
        Ok("rust") => [Rust; 3],
        Ok(other) => panic!("COMPAT_KINDS={other}: neither java nor rust"),
        Err(_) => kinds,
    }
}

/// Runs a scenario in a work folder named after the test.
pub(crate) fn run(test: &str, scenario: impl FnOnce(&Path) -> Result<()>) {
    let name = test.trim_start_matches("compat::").replace("::", ".");
    WorkDir::run(&name, scenario);
}

/// Makes one test of a scenario per list of kinds, named after the list.
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
