use hadoop_ipc::conf::{Configuration, Property};
use serde_json::{Value, json};

use super::redactor::Redactor;
use crate::http::html::escape;

/// Properties as `/conf` shows them.
pub(super) struct Listing<'a> {
    pub(super) conf: &'a Configuration,
    pub(super) redactor: &'a Redactor,
}

impl Listing<'_> {
    /// As Java's XML: values as they are written, variables and all.
    pub(super) fn xml(&self, properties: &[Property]) -> String {
        let mut out =
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><configuration>\n"
                .to_owned();
        for property in properties {
            out.push_str(&self.xml_property(property));
            out.push('\n');
        }
        out.push_str("</configuration>");
        out
    }

    fn xml_property(&self, property: &Property) -> String {
        let raw = self.conf.raw(&property.key).unwrap_or(&property.value);
        let value = if self.redactor.hides(&property.key) { "******" } else { raw };
        format!(
            "<property><name>{}</name><value>{}</value><final>{}</final><source>{}</source></property>",
            xml_text(&property.key),
            xml_text(value),
            property.is_final,
            xml_text(&property.resource),
        )
    }

    /// All properties, with variables replaced.
    pub(super) fn json(&self, properties: &[Property]) -> String {
        let all: Vec<Value> = properties.iter().map(|one| self.json_property(one)).collect();
        json!({ "properties": all }).to_string()
    }

    /// One property.
    pub(super) fn json_one(&self, property: &Property) -> String {
        json!({ "property": self.json_property(property) }).to_string()
    }

    fn json_property(&self, property: &Property) -> Value {
        let hidden = self.redactor.hides(&property.key);
        let value = if hidden { "<redacted>" } else { property.value.as_str() };
        json!({
            "key": property.key,
            "value": value,
            "isFinal": property.is_final,
            "resource": property.resource,
        })
    }
}

/// XML 1.0 has no place for control characters, not even escaped.
fn xml_text(text: &str) -> String {
    let allowed: String =
        text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')).collect();
    escape(&allowed)
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    fn conf() -> Configuration {
        let mut conf = Configuration::empty(Environment::empty());
        conf.set("b.password", "geheim", "site");
        conf.set("a", "<${c}>", "site");
        conf.set("c", "1", "site");
        conf
    }

    #[test]
    fn jn_131_xml_shows_raw_values_sorted_and_escaped() {
        let conf = conf();
        let listing = Listing { conf: &conf, redactor: &Redactor::new(&conf) };
        let properties: Vec<Property> = conf.properties().collect();
        let xml = listing.xml(&properties);
        assert!(xml.contains("<name>a</name><value>&lt;${c}&gt;</value><final>false</final>"));
        assert!(xml.contains("<name>b.password</name><value>******</value>"));
        assert!(!xml.contains("geheim"));
        assert!(xml.find("<name>a<") < xml.find("<name>c<"));
    }

    #[test]
    fn jn_131_json_shows_replaced_values() {
        let conf = conf();
        let listing = Listing { conf: &conf, redactor: &Redactor::new(&conf) };
        let properties: Vec<Property> = conf.properties().collect();
        let json: Value = serde_json::from_str(&listing.json(&properties)).unwrap();
        let first = json!({"key": "a", "value": "<1>", "isFinal": false, "resource": "site"});
        assert_eq!(json["properties"][0], first);
        assert_eq!(json["properties"][1]["value"], "<redacted>");
        assert_eq!(
            serde_json::from_str::<Value>(&listing.json_one(&properties[0])).unwrap(),
            json!({ "property": first })
        );
    }
}
