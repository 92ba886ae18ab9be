use crate::http::jmx::Bean;
use crate::http::shared::Shared;

/// `HttpServer2-<port>`: what Jetty's statistics show. A request is dispatched once here and
/// never put aside.
pub(super) fn bean(shared: &Shared, host: &str) -> Bean {
    let figures = shared.activity.figures();
    let [informed, succeeded, redirected, refused, failed] = figures.responses;
    Bean::hadoop(&format!("HttpServer2-{}", shared.address.port()), Some("HttpServer2"))
        .tag("Context", "http")
        .tag("Hostname", host)
        .gauge("Expires", 0_u64)
        .gauge("Requests", figures.requests)
        .gauge("Dispatched", figures.requests)
        .gauge("AsyncDispatches", 0_u64)
        .gauge("AsyncRequests", 0_u64)
        .gauge("AsyncRequestsWaiting", 0_u64)
        .gauge("AsyncRequestsWaitingMax", 0_u64)
        .gauge("DispatchedActive", figures.active)
        .gauge("DispatchedActiveMax", figures.active_max)
        .gauge("DispatchedTimeMax", figures.time_max)
        .gauge("DispatchedTimeMean", figures.time_mean())
        .gauge("DispatchedTimeStdDev", figures.time_deviation())
        .gauge("DispatchedTimeTotal", figures.time_total)
        .gauge("RequestsActive", figures.active)
        .gauge("RequestsActiveMax", figures.active_max)
        .gauge("RequestTimeMax", figures.time_max)
        .gauge("RequestTimeMean", figures.time_mean())
        .gauge("RequestTimeStdDev", figures.time_deviation())
        .gauge("RequestTimeTotal", figures.time_total)
        .gauge("Responses1xx", informed)
        .gauge("Responses2xx", succeeded)
        .gauge("Responses3xx", redirected)
        .gauge("Responses4xx", refused)
        .gauge("Responses5xx", failed)
        .gauge("ResponsesBytesTotal", figures.response_bytes)
        .gauge("StatsOnMs", shared.activity.age().as_millis() as u64)
}
