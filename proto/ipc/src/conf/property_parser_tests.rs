use proptest::prelude::*;

use super::*;

struct OneFile;

impl Includes for OneFile {
    fn include(&mut self, href: &str) -> Result<Option<Vec<ParsedProperty>>, ConfError> {
        let (key, value) = ("k".to_owned(), Some("inc".to_owned()));
        let property = ParsedProperty { key, value, is_final: false, sources: Vec::new() };
        Ok((href == "inc.xml").then(|| vec![property]))
    }
}

fn parse(body: &str) -> Result<String, ConfError> {
    let xi = "xmlns:xi=\"http://www.w3.org/2001/XInclude\"";
    let text = format!("<configuration {xi}>{body}</configuration>");
    let found = parse_properties(&text, Path::new("t.xml"), &mut OneFile)?;
    let shown = found.iter().map(|property| {
        let value = property.value.as_deref().unwrap_or("-");
        format!("[{}|{value}|{}]", property.key, property.is_final)
    });
    Ok(shown.collect())
}

/// JN-141, JN-142. Compared with Hadoop 3.4.3's own parser, file by file.
#[test]
fn properties_are_read_as_java_reads_them() {
    let rows = [
        ("<property><name> k </name><value> v </value></property>", "[k| v |false]"),
        ("<property><name>k</name><value/></property>", "[k|-|false]"),
        ("<property><name>k</name></property>", "[k|-|false]"),
        ("<property><name>k</name><value>a</value><final> true </final></property>", "[k|a|false]"),
        ("<property><name>k</name><value>a</value><final>true</final></property>", "[k|a|true]"),
        ("<property><name>k</name><final>true</final></property>", "[k|-|true]"),
        ("<property name='k' value='v'/>", "[k|v|false]"),
        ("<property name=' k ' value='v'/>", "[ k |v|false]"),
        ("<property name='k' value='v'><value>w</value></property>", "[k|w|false]"),
        ("<property name='k' value='v'><value/></property>", "[k|v|false]"),
        ("<property name='k' value=''/>", "[k||false]"),
        ("<property name='k' value='a' final='true'/>", "[k|a|true]"),
        ("<property name='k' value='a' final='TRUE'/>", "[k|a|false]"),
        ("<property><name>k</name> junk <value>v</value> junk </property>", "[k|v|false]"),
        (
            "<property><name>k</name><!-- c --><value>a<!-- c -->b</value></property>",
            "[k|ab|false]",
        ),
        ("<property><name>k</name><value>a<b>c</b>d</value></property>", "[k|acd|false]"),
        (
            "<property><name>k</name><value><![CDATA[a<b]]> &amp;c</value></property>",
            "[k|a<b &c|false]",
        ),
        (
            "<configuration><property><name>k</name><value>v</value></property></configuration>",
            "[k|v|false]",
        ),
        ("<property><value>v</value></property>", ""),
        ("<property><name>k</name><value>v</value><name>k2</name></property>", "[k2|v|false]"),
        ("<property><name></name><value>v</value></property>", ""),
        ("<foo><property><name>k</name><value>v</value></property></foo>", "[k|v|false]"),
        ("<property><value>v</value><name>k</name></property>", "[k|v|false]"),
        ("<property><name>k</name><value>a</value><value>b</value></property>", "[k|b|false]"),
        ("<property><name>k</name><value>a</value><value></value></property>", "[k|a|false]"),
        (
            "<property><name>k</name><value>a</value><tag>T</tag><description>d</description></property>",
            "[k|a|false]",
        ),
        ("<xi:include href='nope.xml'><xi:fallback/></xi:include>", ""),
        (
            "<xi:include href='nope.xml'><xi:fallback><property name='k' value='f'/></xi:fallback></xi:include>",
            "[k|f|false]",
        ),
        (
            "<xi:include href='inc.xml'><xi:fallback><property name='k' value='f'/></xi:fallback></xi:include>",
            "[k|inc|false]",
        ),
        ("<xi:include/>", ""),
        (
            "<property><name>k</name><value>a</value><xi:include href='inc.xml'/></property>",
            "[k|inc|false][k|a|false]",
        ),
    ];
    for (body, expected) in rows {
        assert_eq!(parse(body).unwrap(), expected, "{body}");
    }
}

#[test]
fn an_include_of_nothing_is_fatal_without_fallback() {
    assert!(matches!(
        parse("<xi:include href='nope.xml'/>"),
        Err(ConfError::IncludeMissing { .. })
    ));
}

#[test]
fn a_mistake_is_reported_with_its_place() {
    let text = "<configuration>\n  <property>\n    <name>k</nam>\n</configuration>";
    let error = parse_properties(text, Path::new("hdfs-site.xml"), &mut OneFile).unwrap_err();
    assert!(error.to_string().starts_with("hdfs-site.xml:3:"), "{error}");
}

#[test]
fn entity_bombs_are_refused() {
    let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><configuration>&b;</configuration>";
    let error = parse_properties(bomb, Path::new("bomb.xml"), &mut OneFile).unwrap_err();
    assert!(matches!(error, ConfError::EntitiesRefused { .. }));
}

#[test]
fn deep_nesting_is_survived() {
    let text = format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
    let found = parse_properties(&text, Path::new("deep.xml"), &mut OneFile);
    assert!(found.is_ok_and(|properties| properties.is_empty()));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(
        text in "(<configuration>|<property>|</property>|<name>|</name>|<value|/>|>|<|&|;|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<!DOCTYPE|[ak é'\"=]){0,24}"
    ) {
        let _ = parse_properties(&text, Path::new("t.xml"), &mut OneFile);
    }
}
