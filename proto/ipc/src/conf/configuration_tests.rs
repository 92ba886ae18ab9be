use std::fs;

use tempfile::TempDir;

use super::*;

fn file(dir: &TempDir, name: &str, body: &str) -> PathBuf {
    let path = dir.path().join(name);
    fs::write(&path, format!("<configuration>{body}</configuration>")).unwrap();
    path
}

fn load(bodies: &[&str]) -> Configuration {
    let dir = TempDir::new().unwrap();
    let mut conf = Configuration::empty(Environment::empty());
    conf.set_conf_dir(dir.path());
    for (i, body) in bodies.iter().enumerate() {
        let name = format!("site-{i}.xml");
        file(&dir, &name, body);
        assert!(conf.add_resource(&name).unwrap());
    }
    conf
}

fn text(conf: &Configuration, key: &str) -> Option<String> {
    conf.string(key).unwrap()
}

/// JN-141.
#[test]
fn the_last_resource_wins() {
    let conf = load(&["<property name='k' value='1'/>", "<property name='k' value='2'/>"]);
    assert_eq!(text(&conf, " k "), Some("2".to_owned()));
    assert_eq!(conf.origin("k"), "site-1.xml");
}

/// Java stores it as it is, too, and trims what is asked for.
#[test]
fn a_name_with_space_around_it_is_found_by_nobody_and_said() {
    let conf = load(&["<property name='k&#10;' value='1'/>"]);
    assert_eq!((text(&conf, "k\n"), text(&conf, "k")), (None, None));
    let [warning] = conf.warnings() else { panic!("{:?}", conf.warnings()) };
    assert!(warning.to_string().starts_with("\"k\\n\" in site-0.xml has space"), "{warning}");
}

/// JN-141, JN-142.
#[test]
fn final_holds_against_later_resources_and_not_against_set() {
    let marked = "<property name='k' value='1' final='true'/>";
    let mut conf = load(&[marked, "<property name='k' value='2'/>"]);
    assert_eq!(text(&conf, "k"), Some("1".to_owned()));
    assert!(conf.is_final("k"));
    let kept = Warning::FinalKept { key: "k".to_owned(), ignored: "site-1.xml".to_owned() };
    assert_eq!(conf.warnings(), [kept]);
    conf.set("k", "3", "from command line");
    assert_eq!(text(&conf, "k"), Some("3".to_owned()));
}

/// JN-142.
#[test]
fn an_empty_element_leaves_what_was_there() {
    let set = "<property><name>k</name><value>1</value></property>";
    let empty = "<property><name>k</name><value/></property><property><name>u</name><value></value></property>";
    let conf = load(&[set, empty]);
    assert_eq!(text(&conf, "k"), Some("1".to_owned()));
    assert_eq!(text(&conf, "u"), None);
}

/// Java: a final key without a value can never be set by a file.
#[test]
fn final_without_a_value_keeps_the_key_unset() {
    let conf = load(&[
        "<property><name>k</name><final>true</final></property>",
        "<property name='k' value='2'/>",
    ]);
    assert_eq!(text(&conf, "k"), None);
}

/// Java: the policy file is added to a copy of a configuration that already has its `-D` values.
#[test]
fn a_set_value_outlives_resources_added_later() {
    let dir = TempDir::new().unwrap();
    let mut conf = Configuration::empty(Environment::empty());
    conf.set("security.zkfc.protocol.acl", "admin", "from command line");
    let policy = "<property name='security.zkfc.protocol.acl' value='*'/>";
    conf.add_file(&file(&dir, "hadoop-policy.xml", policy)).unwrap();
    assert_eq!(text(&conf, "security.zkfc.protocol.acl"), Some("admin".to_owned()));
}

#[test]
fn old_names_set_and_read_the_new_key_and_warn_once() {
    let old = "<property name='dfs.federation.nameservices' value='ns'/>";
    let mut conf = load(&[old, old]);
    assert_eq!(text(&conf, "dfs.nameservices"), Some("ns".to_owned()));
    assert_eq!(text(&conf, "dfs.federation.nameservices"), Some("ns".to_owned()));
    assert_eq!(conf.warnings().len(), 1);
    assert!(conf.warnings()[0].to_string().contains("use dfs.nameservices"));
    conf.set("k", "${dfs.federation.nameservices}", "test");
    assert_eq!(text(&conf, "k"), Some("ns".to_owned()));
}

#[test]
fn a_loop_of_variables_is_an_error_with_its_key() {
    let conf = load(&["<property name='x' value='${y}'/><property name='y' value='${x}'/>"]);
    let error = conf.string("x").unwrap_err();
    assert!(matches!(&error, ConfError::SubstitutionTooDeep { key, .. } if key == "x"), "{error}");
}

/// JN-143: what `/conf` shows.
#[test]
fn properties_come_sorted_with_value_origin_and_finality() {
    let mut conf = load(&[
        "<property name='b' value='${a}!' final='true'/><property name='a' value='1'/>",
        "<property><name>c</name><value>3</value><source>builder</source></property>",
    ]);
    conf.set("d", "4", "programmatically");
    let shown: Vec<String> = conf
        .properties()
        .map(|p| format!("{} {} {} {}", p.key, p.value, p.is_final, p.resource))
        .collect();
    let expected = [
        "a 1 false site-0.xml",
        "b 1! true site-0.xml",
        "c 3 false builder",
        "d 4 false programmatically",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn a_file_that_is_absent_is_no_error() {
    let mut conf = Configuration::empty(Environment::empty());
    assert!(!conf.add_file(Path::new("/no/such/file.xml")).unwrap());
    assert!(!conf.add_resource("core-site.xml").unwrap());
}
