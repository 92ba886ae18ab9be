use std::time::{SystemTime, UNIX_EPOCH};

use crate::http::Site;
use crate::http::jmx::{Bean, Value};
use crate::http::version::version;
use crate::metrics::{MachineStatistics, ProcessStatistics};

/// The beans of `java.lang` that scrapers look at, with what `/proc` says in their place. The
/// types are the classes behind them in Java 17.
pub(super) fn beans(
    site: &Site,
    machine: &MachineStatistics,
    process: &ProcessStatistics,
) -> [Bean; 4] {
    [runtime(site, machine), memory(machine, process), system(machine, process), threading(process)]
}

fn bean(kind: &str, modeler_type: &str) -> Bean {
    Bean::named("java.lang", &[("type", kind)], modeler_type, None)
}

fn runtime(site: &Site, machine: &MachineStatistics) -> Bean {
    let pid = std::process::id();
    let started = site.started.duration_since(UNIX_EPOCH).unwrap_or_default();
    let uptime = SystemTime::now().duration_since(site.started).unwrap_or_default();
    let arguments: Vec<String> = Vec::new();
    bean("Runtime", "sun.management.RuntimeImpl")
        .plain("Name", format!("{pid}@{}", machine.hostname))
        .plain("Pid", u64::from(pid))
        .plain("Uptime", uptime.as_millis() as u64)
        .plain("StartTime", started.as_millis() as u64)
        .plain("VmName", "none: native program")
        .plain("VmVersion", version())
        .plain("InputArguments", arguments)
        .plain("ObjectName", "java.lang:type=Runtime")
}

fn memory(machine: &MachineStatistics, process: &ProcessStatistics) -> Bean {
    let heap = usage(process.resident_bytes, machine.memory_bytes.into());
    bean("Memory", "sun.management.MemoryImpl")
        .plain("Verbose", false)
        .plain("HeapMemoryUsage", heap)
        .plain("NonHeapMemoryUsage", usage(0, (-1_i64).into()))
        .plain("ObjectPendingFinalizationCount", 0_u64)
        .plain("ObjectName", "java.lang:type=Memory")
}

fn usage(used_bytes: u64, max: Value) -> Value {
    Value::Record(vec![
        ("committed".to_owned(), used_bytes.into()),
        ("init".to_owned(), 0_u64.into()),
        ("max".to_owned(), max),
        ("used".to_owned(), used_bytes.into()),
    ])
}

fn system(machine: &MachineStatistics, process: &ProcessStatistics) -> Bean {
    bean("OperatingSystem", "com.sun.management.internal.OperatingSystemImpl")
        .plain("Name", "Linux")
        .plain("Arch", std::env::consts::ARCH)
        .plain("Version", machine.kernel.as_str())
        .plain("AvailableProcessors", machine.processors)
        .plain("SystemLoadAverage", machine.load_average)
        .plain("ProcessCpuTime", process.cpu.as_nanos() as u64)
        .plain("OpenFileDescriptorCount", process.open_files)
        .plain("MaxFileDescriptorCount", process.max_open_files)
        .plain("CommittedVirtualMemorySize", process.virtual_bytes)
        .plain("TotalPhysicalMemorySize", machine.memory_bytes)
        .plain("FreePhysicalMemorySize", machine.free_memory_bytes)
        .plain("TotalMemorySize", machine.memory_bytes)
        .plain("FreeMemorySize", machine.free_memory_bytes)
        .plain("TotalSwapSpaceSize", machine.swap_bytes)
        .plain("FreeSwapSpaceSize", machine.free_swap_bytes)
        .plain("ObjectName", "java.lang:type=OperatingSystem")
}

fn threading(process: &ProcessStatistics) -> Bean {
    bean("Threading", "com.sun.management.internal.HotSpotThreadImpl")
        .plain("ThreadCount", process.threads)
        .plain("DaemonThreadCount", 0_u64)
        .plain("ObjectName", "java.lang:type=Threading")
}
