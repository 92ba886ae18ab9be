use std::time::Duration;

use crate::conf::Environment;

use super::*;

fn conf(key: &str, value: &str) -> Configuration {
    let mut conf = Configuration::empty(Environment::empty());
    conf.set(key, value, "hdfs-site.xml");
    conf
}

#[test]
fn a_bad_value_names_key_value_file_and_form() {
    let error = conf("dfs.journalnode.handler.count", "5k").int("dfs.journalnode.handler.count");
    let message = error.unwrap_err().to_string();
    for part in ["dfs.journalnode.handler.count", "5k", "hdfs-site.xml", "whole number"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_missing_value_is_an_error_or_the_callers_default() {
    let conf = conf("present", "1");
    assert!(matches!(conf.int("absent"), Err(ConfError::Missing { .. })));
    assert_eq!(conf.int_or("absent", 7).unwrap(), 7);
    assert_eq!(conf.int_or("present", 7).unwrap(), 1);
    assert_eq!(conf.long_or("absent", 7).unwrap(), 7);
    assert_eq!(conf.long_bytes_or("absent", 7).unwrap(), 7);
    let default = Duration::from_secs(3);
    assert_eq!(conf.duration_or("absent", TimeUnit::Seconds, default).unwrap(), default);
}

/// Java throws for these too: an empty value is not an unset one.
#[test]
fn an_empty_value_is_no_number() {
    assert!(matches!(conf("k", "").int_or("k", 7), Err(ConfError::BadValue { .. })));
}

#[test]
fn a_boolean_that_is_neither_takes_the_default() {
    for default in [true, false] {
        assert_eq!(conf("k", "yes").boolean_or("k", default).unwrap(), default);
        assert_eq!(conf("k", "").boolean_or("k", default).unwrap(), default);
        assert!(conf("k", " TRUE ").boolean_or("k", default).unwrap());
    }
    let key = "dfs.journalnode.enable.sync";
    assert!(conf(key, "maybe").boolean(key).unwrap(), "its built-in default is true");
    assert!(!conf("k", "maybe").boolean("k").unwrap());
}

#[test]
fn durations_may_not_be_negative_unless_the_caller_says_so() {
    assert_eq!(
        conf("k", "2m").duration("k", TimeUnit::Milliseconds).unwrap(),
        Duration::from_secs(120)
    );
    assert_eq!(
        conf("k", "20").duration("k", TimeUnit::Milliseconds).unwrap(),
        Duration::from_millis(20)
    );
    assert!(conf("k", "-1").duration("k", TimeUnit::Seconds).is_err());
    assert_eq!(conf("k", "-1").duration_in("k", TimeUnit::Seconds).unwrap(), -1);
    let ages = conf("k", "200000d").duration("k", TimeUnit::Seconds).unwrap();
    assert_eq!(ages, Duration::from_secs(200_000 * 86_400));
}

/// JN-143.
#[test]
fn the_bind_host_replaces_the_host_and_keeps_the_port() {
    let mut conf = conf("dfs.journalnode.rpc-address", "jn1.example:8485");
    let bind = |conf: &Configuration| {
        let key = ("dfs.journalnode.rpc-bind-host", "dfs.journalnode.rpc-address");
        conf.bind_address(key.0, key.1, 0).unwrap().to_string()
    };
    assert_eq!(bind(&conf), "jn1.example:8485");
    conf.set("dfs.journalnode.rpc-bind-host", "0.0.0.0", "test");
    assert_eq!(bind(&conf), "0.0.0.0:8485");
    conf.set("dfs.journalnode.rpc-address", "jn1.example", "test");
    assert_eq!(bind(&conf), "0.0.0.0:0", "without a port, any free one");
}

#[test]
fn a_bad_address_says_what_an_address_is() {
    let error = conf("k", "nn_1:8020").socket_address("k", 0).unwrap_err().to_string();
    assert!(error.contains("host:port") && error.contains("'_'"), "{error}");
}
