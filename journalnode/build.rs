//! Links the C++ library that RocksDB wants into the binary, so that one file is all there is to
//! copy to a host.

use std::env;
use std::ffi::OsString;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

const ARCHIVE: &str = "libstdc++.a";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=CXX");
    let with_rocksdb = env::var_os("CARGO_FEATURE_ROCKSDB").is_some();
    let (Some(out), true) = (env::var_os("OUT_DIR").map(PathBuf::from), with_rocksdb) else {
        return;
    };
    match archive() {
        Some(archive) => prefer(&archive, &out),
        None => println!("cargo:warning=no {ARCHIVE}: the binary will need libstdc++.so.6"),
    }
}

/// Where the C++ compiler keeps it. If it has none it answers with the bare name.
fn archive() -> Option<PathBuf> {
    let compiler = env::var_os("CXX").unwrap_or_else(|| OsString::from("c++"));
    let answer = Command::new(compiler).arg(format!("-print-file-name={ARCHIVE}")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(answer.stdout).ok()?.trim());
    path.is_absolute().then_some(path)
}

/// The linker looks for the shared library first, but folder by folder: in this one it finds
/// only the archive.
fn prefer(archive: &Path, folder: &Path) {
    let link = folder.join(ARCHIVE);
    // What an earlier build left may point to another compiler's.
    let _ = std::fs::remove_file(&link);
    match symlink(archive, &link) {
        Ok(()) => println!("cargo:rustc-link-search=native={}", folder.display()),
        Err(error) => println!("cargo:warning={}: {error}", link.display()),
    }
}
