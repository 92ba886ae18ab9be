use crate::http::jmx::{Bean, Value};
use crate::metrics::{MachineStatistics, ProcessStatistics};

const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// `JvmMetrics`, as far as a process without a virtual machine has such: its resident memory
/// counts as the heap, the machine's memory as the limit; there is no garbage collector.
pub(super) fn jvm_metrics(machine: &MachineStatistics, process: &ProcessStatistics) -> Bean {
    let used = process.resident_bytes as f64 / MEBIBYTE;
    let limit = machine.memory_bytes as f64 / MEBIBYTE;
    let threads = process.thread_states;
    Bean::hadoop("JvmMetrics", Some("JvmMetrics"))
        .tag("Context", "jvm")
        .tag("ProcessName", "JournalNode")
        .tag("SessionId", Value::Null)
        .tag("Hostname", machine.hostname.as_str())
        .gauge("MemNonHeapUsedM", 0.0)
        .gauge("MemNonHeapCommittedM", 0.0)
        .gauge("MemNonHeapMaxM", -1.0)
        .gauge("MemHeapUsedM", used)
        .gauge("MemHeapCommittedM", used)
        .gauge("MemHeapMaxM", limit)
        .gauge("MemMaxM", limit)
        .counter("GcCount", 0)
        .counter("GcTimeMillis", 0)
        .gauge("ThreadsNew", 0_u64)
        .gauge("ThreadsRunnable", threads.running)
        .gauge("ThreadsBlocked", threads.disk)
        .gauge("ThreadsWaiting", threads.waiting)
        .gauge("ThreadsTimedWaiting", 0_u64)
        .gauge("ThreadsTerminated", threads.ended)
}

/// `UgiMetrics`: nobody logs in here, and no groups are looked up, while security is off.
pub(super) fn ugi_metrics(host: &str) -> Bean {
    Bean::hadoop("UgiMetrics", Some("UgiMetrics"))
        .tag("Context", "ugi")
        .tag("Hostname", host)
        .rate("GetGroups", Default::default())
        .rate("LoginFailure", Default::default())
        .rate("LoginSuccess", Default::default())
        .gauge("RenewalFailures", 0_u64)
        .gauge("RenewalFailuresTotal", 0_u64)
}
