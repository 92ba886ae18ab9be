use hadoop_ipc::prometheus::Exposition;

use super::hadoop_name::prometheus_name;
use crate::http::jmx::{Attribute, Bean, Kind, Value};

/// A tag that would make a new time series of every change.
const LEFT_OUT: &str = "NumOpenConnectionsPerUser";

/// The metrics of the beans, as Hadoop's sink writes them (`PrometheusMetricsSink`).
pub(super) fn render(beans: &[Bean]) -> String {
    let mut exposition = Exposition::default();
    for bean in beans {
        add(&mut exposition, bean);
    }
    exposition.text()
}

fn add(exposition: &mut Exposition, bean: &Bean) {
    let Some(record) = bean.record else { return };
    let tags: Vec<(String, String)> = bean.attributes.iter().filter_map(tag).collect();
    let labels: Vec<(&str, &str)> =
        tags.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for attribute in &bean.attributes {
        let kind = match attribute.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Tag | Kind::Plain => continue,
        };
        let Some(value) = number(&attribute.value) else { continue };
        let name = prometheus_name(record, &attribute.name);
        exposition.add((&name, ""), (kind, &attribute.name), &labels, value);
    }
}

fn tag(attribute: &Attribute) -> Option<(String, String)> {
    if attribute.kind != Kind::Tag || attribute.name == LEFT_OUT {
        return None;
    }
    let value = match &attribute.value {
        Value::Text(text) => text.clone(),
        _ => "null".to_owned(),
    };
    Some((attribute.name.to_lowercase(), value))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(value) => Some(*value as f64),
        Value::Number(value) => Some(*value),
        Value::Boolean(value) => Some(f64::from(u8::from(*value))),
        _ => None,
    }
}
