use hadoop_ipc::server::metrics::RateSnapshot;

use super::Value;
use super::object_name::ObjectName;

/// One bean with its attributes, in the order in which they are shown.
#[derive(Clone, Debug)]
pub(in crate::http) struct Bean {
    pub(super) name: ObjectName,
    pub(super) text: String,
    pub(super) modeler_type: String,
    /// Name of the metrics record, if the bean shows metrics: the first part of the names that
    /// `/prom` gives.
    pub(in crate::http) record: Option<&'static str>,
    pub(in crate::http) attributes: Vec<Attribute>,
}

/// One attribute.
#[derive(Clone, Debug)]
pub(in crate::http) struct Attribute {
    pub(in crate::http) name: String,
    pub(in crate::http) value: Value,
    pub(in crate::http) kind: Kind,
}

/// What an attribute is to the metrics system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Kind {
    /// Says whose the metrics are. Shown as `tag.<name>`.
    Tag,
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// No metric.
    Plain,
}

impl Bean {
    /// A bean of Hadoop's with this name, which is its modeler type too if it shows metrics.
    pub(super) fn hadoop(name: &str, record: Option<&'static str>) -> Self {
        Self::named("Hadoop", &[("service", "JournalNode"), ("name", name)], name, record)
    }

    pub(super) fn named(
        domain: &str,
        properties: &[(&str, &str)],
        modeler_type: &str,
        record: Option<&'static str>,
    ) -> Self {
        let list: Vec<String> =
            properties.iter().map(|(key, value)| format!("{key}={value}")).collect();
        Self {
            name: ObjectName::of(domain, properties),
            text: format!("{domain}:{}", list.join(",")),
            modeler_type: modeler_type.to_owned(),
            record,
            attributes: Vec::new(),
        }
    }

    pub(super) fn tag(self, name: &str, value: impl Into<Value>) -> Self {
        self.with(name, value, Kind::Tag)
    }

    pub(super) fn counter(self, name: &str, value: u64) -> Self {
        self.with(name, value, Kind::Counter)
    }

    pub(super) fn gauge(self, name: &str, value: impl Into<Value>) -> Self {
        self.with(name, value, Kind::Gauge)
    }

    pub(super) fn plain(self, name: &str, value: impl Into<Value>) -> Self {
        self.with(name, value, Kind::Plain)
    }

    /// `<name>NumOps` and `<name>AvgTime`, in milliseconds. Java averages over the last ten
    /// seconds, this over everything so far.
    pub(super) fn rate(self, name: &str, rate: RateSnapshot) -> Self {
        let millis = rate.total_ns as f64 / 1e6;
        let average = if rate.count == 0 { 0.0 } else { millis / rate.count as f64 };
        self.counter(&format!("{name}NumOps"), rate.count).gauge(&format!("{name}AvgTime"), average)
    }

    fn with(mut self, name: &str, value: impl Into<Value>, kind: Kind) -> Self {
        self.attributes.push(Attribute { name: name.to_owned(), value: value.into(), kind });
        self
    }
}

impl Attribute {
    /// The name in `/jmx`.
    pub(super) fn shown_name(&self) -> String {
        match self.kind {
            Kind::Tag => format!("tag.{}", self.name),
            _ => self.name.clone(),
        }
    }
}
