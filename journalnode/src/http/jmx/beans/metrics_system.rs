use crate::http::jmx::Bean;

/// `MetricsSystem,sub=Stats`: there are sources of metrics here, but no sinks to push them to.
pub(super) fn stats(sources: usize, host: &str) -> Bean {
    bean("Stats", "MetricsSystem,sub=Stats", Some("MetricsSystem"))
        .tag("Context", "metricssystem")
        .tag("Hostname", host)
        .gauge("NumActiveSources", sources)
        .gauge("NumAllSources", sources)
        .gauge("NumActiveSinks", 0_u64)
        .gauge("NumAllSinks", 0_u64)
        .counter("DroppedPubAll", 0)
        .rate("Publish", Default::default())
        .rate("Snapshot", Default::default())
}

/// `MetricsSystem,sub=Control`: Java's has operations only, which `/jmx` does not show.
pub(super) fn control() -> Bean {
    bean("Control", "org.apache.hadoop.metrics2.impl.MetricsSystemImpl", None)
}

fn bean(sub: &str, modeler_type: &str, record: Option<&'static str>) -> Bean {
    let name = [("service", "JournalNode"), ("name", "MetricsSystem"), ("sub", sub)];
    Bean::named("Hadoop", &name, modeler_type, record)
}
