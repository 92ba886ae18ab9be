use std::fs;

use hadoop_ipc::conf::{Configuration, Environment, HostPort, MAX_FILE_BYTES, TimeUnit, java_trim};
use tempfile::TempDir;

thread_local! {
    static DIRECTORY: TempDir = directory();
}

/// A site file: read or refused, and whatever is in it has every type or an error.
pub(super) fn check(data: &[u8]) {
    let environment = Environment::empty().with_variable("HOME", "/h").with_property("user", "u");
    let mut conf = Configuration::empty(environment);
    DIRECTORY.with(|directory| {
        let path = directory.path().join("hdfs-site.xml");
        fs::write(&path, data).unwrap_or_else(|error| panic!("{error}"));
        conf.set_conf_dir(directory.path());
        if let Err(error) = conf.add_resource("hdfs-site.xml") {
            assert!(!error.to_string().is_empty());
        }
    });
    let keys: Vec<String> = conf.properties().map(|property| property.key).collect();
    for key in keys {
        check_key(&conf, &key);
    }
}

/// In memory where there is such a place: fuzzing writes a file each time.
fn directory() -> TempDir {
    let made = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new());
    made.unwrap_or_else(|error| panic!("{error}"))
}

fn check_key(conf: &Configuration, key: &str) {
    // As in Java: every reader trims what it asks for, and a name as an attribute keeps its space.
    let is_reachable = key == java_trim(key);
    assert_eq!(conf.raw(key).is_some(), is_reachable, "{key:?} is listed");
    if let Ok(Some(value)) = conf.string(key) {
        assert!(value.len() as u64 <= MAX_FILE_BYTES, "{key}: {} bytes", value.len());
        let _ = HostPort::parse(&value, 8485);
    }
    let _ = conf.trimmed(key);
    let _ = conf.int(key);
    let _ = conf.long_bytes(key);
    let _ = conf.float(key);
    let _ = conf.boolean(key);
    let _ = conf.duration(key, TimeUnit::Seconds);
    let _ = conf.duration_in(key, TimeUnit::Milliseconds);
    let _ = conf.strings(key);
    let _ = conf.socket_address(key, 8485);
    let _ = (conf.is_final(key), conf.origin(key));
}
